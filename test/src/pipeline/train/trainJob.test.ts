/** Trainings as a job: the same bytes however they are performed, data that fit their names, and what the run says. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createBackend } from '../../../../simulations/linalg/index.js';
import { randomStream } from '../../../../simulations/random/index.js';
import { trainTable } from '../../../../src/cli/trainTable.js';
import { train as presentation } from '../../../../src/cli/presentations/train.js';
import { createEnvironment } from '../../../../src/draws/environment.js';
import { dataOfTraining } from '../../../../src/draws/train/dataOfTraining.js';
import { performTrainTask } from '../../../../src/draws/train/trainTask.js';
import type { KeptTraining, TrainingTask, TrainTaskResult } from '../../../../src/draws/train/trainContract.js';
import { drawTasks } from '../../../../src/pipeline/run/drawTasks.js';
import { trainJob } from '../../../../src/pipeline/train/trainJob.js';
import { trainRequest } from '../../../../src/pipeline/train/trainRequest.js';
import { encodeResult } from '../../../../src/store/encodedResult.js';
import { writeNpy } from '../../../../src/store/formats/index.js';
import { createRunFolder } from '../../../../src/store/runFolder.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-train-job-'));
afterAll(() => rmSync(folder, { recursive: true }));

const backend = await createBackend('wasm');
const silent = { progress() {}, keep() {} };
const small = { dimension: '10', samples: '40', classes: '4', width: '3', steps: '12', marks: '0,5,12' };

const jobOf = (options: Record<string, string | boolean>) => trainJob(trainRequest({ options }));
const drawn = (options: Record<string, string | boolean>, workers = 0) =>
  drawTasks(jobOf(options), { backend, workers });
const judged = async (options: Record<string, string | boolean>, workers = 0) =>
  jobOf(options).judge(await drawn(options, workers)).results;
const taskOf = (options: Record<string, string | boolean>) => jobOf(options).tasks[0] as TrainingTask;

/** Text and bytes, so that -0 and the last bit count. */
const bytesOf = (value: unknown) => {
  const { text, bytes } = encodeResult(value);
  return text + Buffer.from(bytes).toString('hex');
};

describe('the same bytes', () => {
  test('on 0, 1 and 2 workers', async () => {
    const options = { ...small, replicates: '3', 'save-weights': true };
    const [none, one, two] = await Promise.all([0, 1, 2].map((workers) => drawn(options, workers)));
    expect(bytesOf(one!.results)).toBe(bytesOf(none!.results));
    expect(bytesOf(two!.results)).toBe(bytesOf(none!.results));
    // Replicates differ.
    expect(bytesOf(none!.results[1]?.marks)).not.toBe(bytesOf(none!.results[0]?.marks));
  });

  test.each<Record<string, string>>([
    { optimiser: 'adam' },
    { optimiser: 'sgd', batch: '7', 'learning-rate': '0.1' },
    { optimiser: 'gd', 'learning-rate': '0.2', schedule: 'constant' },
    { optimiser: 'one-pass', batch: '3', labels: 'teacher' },
  ])('a training of %j that goes on from any state that was kept', async (words) => {
    const options = { ...small, ...words, 'save-weights': true, 'heat-maps': true };
    const task = taskOf(options);
    const states: KeptTraining[] = [];
    // As the store keeps them: copied when they are given.
    const keep = (state: () => unknown) => void states.push(structuredClone(state()) as KeptTraining);
    const environment = createEnvironment(backend);
    const whole = await performTrainTask(task, environment, { progress() {}, keep });
    // One after each update, one after each look.
    expect(states).toHaveLength(12 + 6);
    for (const state of states.filter((_, k) => k % 3 === 1)) {
      const resumed = await performTrainTask({ ...task, state }, environment, silent);
      expect(bytesOf(resumed)).toBe(bytesOf(whole));
    }
    // What was seen is not looked at again.
    const last = states.at(-1)!;
    const forged = last.marks.map((mark) => ({ ...mark, loss: 77 }));
    const kept = await performTrainTask({ ...task, state: { ...last, marks: forged } }, environment, silent);
    expect(kept.marks.map(({ loss }) => loss)).toEqual(Array(6).fill(77));
  });
});

test('what a training takes of a machine: trials that add up to its time, and more memory than a draw', () => {
  const options = { ...small, steps: '3000', marks: '7' };
  const job = jobOf(options);
  // Time is so much for an update and so much for a look.
  const cost = (task: unknown) => {
    const { steps, marks } = (task as TrainingTask).plan;
    return 3 * steps + 1000 * marks.length;
  };
  const trials = job.trials!(job.tasks[0]!);
  expect(trials.reduce((sum, { task, times }) => sum + times * cost(task), 0)).toBeCloseTo(cost(job.tasks[0]), 6);
  const large = jobOf({ dimension: '500', steps: '50000', marks: '7' });
  expect(Math.max(...large.trials!(large.tasks[0]!).map(({ task }) => (task as TrainingTask).plan.steps))).toBe(20);
  // X once more for the kernels, and that of fresh data: 2 × 8 × 500 × 5000 bytes.
  expect(large.besideDraw!(large.tasks[0]!)).toBeGreaterThan(2 * 8 * 500 * 5000);
});

describe('the data', () => {
  const environment = createEnvironment(backend);
  const inputsOf = (task: TrainingTask, part: 'train' | 'fresh', use: string) => {
    const { options, freshOptions, freshSamples } = dataOfTraining(task);
    const own = part === 'train' ? options : freshOptions;
    const samples = part === 'train' ? task.plan.settings.samples : freshSamples;
    const workspace = environment.workspace(task.plan.settings.dimension, samples, use);
    return { workspace, ...own };
  };

  test('clusters: labels name them, those of fresh samples too, which lie about the same centres', async () => {
    const options = {
      ...{ dimension: '5', samples: '40', classes: '3', width: '2', steps: '0', labels: 'clusters' },
      ...{ 'fresh-samples': '17', inputs: '{distribution: clusters, components: 6, noise: 0, standardise: false}' },
    };
    const task = taskOf(options);
    const { workspace, inputs, labels } = inputsOf(task, 'train', 'clusters');
    const fresh = inputsOf(task, 'fresh', 'fresh clusters');
    inputs!(workspace, randomStream(task.seed, 'inputs', task.replicate));
    fresh.inputs!(fresh.workspace, randomStream(task.seed, 'fresh inputs 0', task.replicate));
    const row = (from: typeof workspace, n: number) => from.inputs.slice(5 * n, 5 * n + 5);
    // Without noise an input is its centre: 6 of them, two to a class.
    const classOf = new Map(Array.from({ length: 40 }, (_, n) => [row(workspace, n).join(), labels![n]!]));
    expect([...classOf.values()].sort()).toEqual([0, 0, 1, 1, 2, 2]);
    for (let n = 0; n < 17; n++) expect(fresh.labels![n]).toBe(classOf.get(row(fresh.workspace, n).join()));
    expect((await judged(options)).notes.join()).toMatch(/Scores are left out .* labels come with the data/);
  });

  test('rows of a data set: fresh ones are not among those trained on, and labels stay with their rows', async () => {
    // Row n is (n, n, n) and of class n modulo 3: what is drawn tells where it was.
    const [count, dimension] = [30, 3];
    const table = Float64Array.from({ length: count * dimension }, (_, k) => Math.floor(k / dimension));
    writeFileSync(join(folder, 'x.npy'), writeNpy(table, [count, dimension]));
    writeFileSync(
      join(folder, 'y.npy'),
      writeNpy(
        Float64Array.from({ length: count }, (_, n) => n % 3),
        [count],
      ),
    );
    const options = {
      ...{ dimension: '3', samples: '20', classes: '3', width: '2', steps: '0', 'labels-file': join(folder, 'y.npy') },
      inputs: `{distribution: data, file: ${join(folder, 'x.npy')}, standardise: false}`,
    };
    const task = taskOf(options);
    const rows = (['train', 'fresh'] as const).map((part) => {
      const { workspace, inputs, labels } = inputsOf(task, part, part);
      inputs!(workspace, undefined as never);
      const numbers = Array.from({ length: workspace.samples }, (_, n) => workspace.inputs[n * dimension]!);
      expect(Array.from(labels!)).toEqual(numbers.map((n) => n % 3));
      return numbers;
    });
    // N = 20 of 30 are trained on; of the N fresh ones asked for 10 are left.
    expect(rows.map((numbers) => numbers.length)).toEqual([20, 10]);
    expect(new Set(rows.flat()).size).toBe(30);
    const results = await judged(options);
    expect(results.labels).toBe('file');
    expect(results.freshSamples).toBe(10);
    // A score would be mistaken for memorisation.
    expect(results.summary[0]!.columns).not.toHaveProperty('residualScore');
    expect(results.notes).toEqual([
      expect.stringMatching(/Scores are left out of the table: labels come with the data/),
    ]);
  });

  test.each([
    [{ samples: '31' }, /N = 31 samples are needed but .*x\.npy has 30 rows/],
    [{ dimension: '4' }, /the rows of .*x\.npy have 3 numbers, d is 4/],
    [{ classes: '2' }, /y\.npy: labels must be whole numbers from 0 to 1/],
    [{ 'labels-file': join(folder, 'short.npy') }, /short\.npy has 2 labels and the data 30 rows/],
  ])('%j is refused before anything is drawn', (words, message) => {
    writeFileSync(join(folder, 'short.npy'), writeNpy(new Float64Array(2), [2]));
    const options = {
      ...{ dimension: '3', samples: '20', classes: '3', width: '2', 'labels-file': join(folder, 'y.npy') },
      inputs: `{distribution: data, file: ${join(folder, 'x.npy')}}`,
      ...words,
    };
    expect(() => jobOf(options).plan(1)).toThrow(message);
  });

  test('a mixture keeps its centres on fresh data', () => {
    // Two centres of length 50: the noise has length √4 on average, so that the nearest training sample is far nearer
    // than half the length unless the centres are others. Chance of a false alarm below 1e-9.
    const task = taskOf({ ...small, dimension: '4', inputs: '{distribution: mixture, components: 2, separation: 50}' });
    const [own, fresh] = (['train', 'fresh'] as const).map((part) => {
      const { workspace, inputs } = inputsOf(task, part, part);
      inputs!(workspace, randomStream(task.seed, part === 'train' ? 'inputs' : 'fresh', 0));
      return workspace.inputs.slice();
    });
    const distance = (a: number, b: number) =>
      Math.hypot(...[0, 1, 2, 3].map((k) => fresh![4 * a + k]! - own![4 * b + k]!));
    const nearest = Array.from({ length: 40 }, (_, a) =>
      Math.min(...Array.from({ length: 40 }, (_, b) => distance(a, b))),
    );
    expect(Math.max(...nearest)).toBeLessThan(25);
    // The noise is new.
    expect(Math.min(...nearest)).toBeGreaterThan(1e-6);
  });
});

test('weights that a training saved are checkpoints: what is seen on its data is the same to the last bit', async () => {
  const options = { ...small, labels: 'teacher', 'save-weights': true };
  const run = createRunFolder(join(folder, 'saved'));
  const job = jobOf(options);
  const trained = await performTrainTask(job.tasks[0]!, createEnvironment(backend), silent);
  expect(job.isWhole!(job.retain!(trained, run), run.path)).toBe(true);
  run.close();
  const path = join(folder, 'saved', 'replicate-0000');
  const request = trainRequest({
    checkpoints: path,
    options: { labels: 'teacher', directions: join(path, 'directions.npy') },
  });
  const checkpoints = trainJob(request);
  const seen = await drawTasks(checkpoints, { backend, workers: 0 });
  // Settings from shapes; the initialisation is not known, and E8 needs the course of the training.
  const whole = trained.marks.filter(({ data }) => data === 'train');
  expect(bytesOf(seen.results.flatMap((result) => result!.marks))).toBe(bytesOf(whole));
  expect(checkpoints.judge(seen).results.notes.at(-1)).toMatch(/There are no fresh data/);
});

describe('what a run says', () => {
  test('no score of inputs that are not standard normal: their covariance would look like memorisation', async () => {
    const given = { ...small, inputs: '{distribution: toeplitz, correlation: 0.5}', steps: '0', marks: '1' };
    const results = await judged(given);
    expect(results.summary[0]!.columns).not.toHaveProperty('residualScore');
    expect(results.notes).toEqual([expect.stringMatching(/standard normal inputs, and these are toeplitz/)]);
    expect((await judged({ ...given, inputs: 'gaussian' })).summary[0]!.columns).toHaveProperty('residualScore');
  });

  test('means and standard errors over replicates', async () => {
    const results = await judged({ ...small, replicates: '3' });
    const losses = results.runs.map(
      ({ marks }) => marks.find(({ step, data }) => step === 5 && data === 'fresh')!.loss,
    );
    const mean = (losses[0]! + losses[1]! + losses[2]!) / 3;
    const row = results.summary.find(({ step, data }) => step === 5 && data === 'fresh')!;
    expect(row).toMatchObject({ share: 5 / 12, count: 3 });
    expect(row.columns.loss!.mean).toBeCloseTo(mean, 14);
    // s/√n with s² = Σ(x − mean)²/(n − 1).
    const variance = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / 2;
    expect(row.columns.loss!.standardError).toBeCloseTo(Math.sqrt(variance / 3), 14);
    expect(results.verdict).toBe('agree');
    expect(presentation.rejects(results)).toBe(false);
    expect(
      Math.max(
        ...trainTable(results, 80)
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80);
  });

  test('distances to laws, where they are asked for', async () => {
    const results = await judged({ ...small, spectra: true, steps: '0', marks: '1' });
    const { blocks } = results.runs[0]!.marks[0]!;
    expect(results.summary[0]!.columns.distanceGivenWeights!.mean).toBe(blocks[0]!.distances!.drawnWeights);
    expect(results.summary[0]!.columns.distanceGivenLayers!.mean).toBe(blocks[0]!.distances!.layers);
    expect(trainTable(results, 80)).toMatch(/z_R +D\(weights\) +D\(layers\)/);
    expect(trainTable(await judged({ ...small, steps: '0', marks: '1' }), 80)).not.toMatch(/D\(weights\)/);
  });

  test('a broken statement is disagree: it names mark, data, unit and both sides, and the exit code follows', async () => {
    const whole = await drawn(small);
    const result = structuredClone(whole.results[0]!) as unknown as { marks: { exact: { holds: boolean }[] }[] };
    const { unit, id } = whole.results[0]!.marks[3]!.exact.find((statement) => statement.unit !== null)!;
    const broken = result.marks[3]!.exact.find((statement) => 'unit' in statement && statement.unit !== null)!;
    Object.assign(broken, { holds: false, left: 2, right: 1, relation: 'at most' });
    const { results } = jobOf(small).judge({ ...whole, results: [result as unknown as TrainTaskResult] });
    expect(results.verdict).toBe('disagree');
    expect(presentation.rejects(results)).toBe(true);
    expect(results.broken).toEqual([
      expect.objectContaining({ id, unit, step: 5, data: 'fresh', replicate: 0, left: 2, right: 1 }),
    ]);
    expect(trainTable(results, 80).replace(/\n */g, ' ')).toContain(
      `DISAGREE  ${id} at step 5 on fresh data, unit ${unit}, replicate 0: 2 must be at most 1.`,
    );
  });

  test('a training that diverges stops with step and remedy, and its marks stay', async () => {
    const options = {
      ...small,
      ...{ optimiser: 'gd', schedule: 'constant', 'learning-rate': '1e7', replicates: '2', marks: '0,1,12' },
    };
    const whole = await drawn(options);
    const { results, failed } = jobOf(options).judge(whole);
    expect(whole.failed).toEqual([]);
    expect(failed.map(({ index, error }) => [index, error.name])).toEqual([
      [0, 'NumericalError'],
      [1, 'NumericalError'],
    ]);
    expect(results.failures[0]!.message).toMatch(/diverges.*after \d+ updates.*--learning-rate/);
    expect(results.runs[0]!.marks.map(({ step }) => step)).toEqual([0, 0, 1, 1]);
    const [message, code] = presentation.complaint(results, failed, 2);
    expect([message, code]).toEqual([expect.stringMatching(/^2 of 2 stopped before the end.*saved/), 3]);
    expect(trainTable(results, 80)).toMatch(/Replicate 1 stopped: training diverges/);
  });

  test('units that no sample opens are named', async () => {
    const path = mkdtempSync(join(folder, 'dead-'));
    const write = (name: string, values: readonly number[], shape: number[]) =>
      writeFileSync(join(path, name), writeNpy(Float64Array.from(values), shape));
    // All inputs are positive, and unit 1 has negative weights.
    write('X.npy', [1, 2, 2, 1, 1, 1, 3, 1, 2, 3, 1, 4], [6, 2]);
    write('y.npy', [0, 1, 0, 1, 0, 1], [6]);
    write('W_7.npy', [1, 0.5, -1, -2, 0.3, 1], [3, 2]);
    write('V_7.npy', [1, 2, 3, 4, 5, 6], [2, 3]);
    const job = trainJob(trainRequest({ checkpoints: path, options: { labels: 'random' } }));
    const { results } = job.judge(await drawTasks(job, { backend, workers: 0 }));
    expect(results.deadUnits).toEqual([{ replicate: 0, step: 7, data: 'train', units: [1] }]);
    expect(trainTable(results, 80)).toMatch(/No sample of the training data opens unit 1 at step 7/);
  });
});

describe('pictures at marks', () => {
  test('are those of the first replicate, in both orders, and none unless asked for', async () => {
    const { heatMaps } = await judged({ ...small, replicates: '2', 'heat-maps': true });
    expect(heatMaps.map(({ replicate, step, readoutOrder }) => `${replicate} ${step} ${readoutOrder}`)).toEqual(
      [0, 5, 12].flatMap((step) => [`0 ${step} class`, `0 ${step} unit`]),
    );
    // Order m(d + C) = 3 · 14; one pixel each.
    for (const { rows, columns, values, order } of heatMaps) {
      expect([rows, columns, order, values.length]).toEqual([42, 42, 42, 42 * 42]);
    }
    const [byClass, byUnit] = heatMaps;
    expect([...byUnit!.values].sort()).toEqual([...byClass!.values].sort());
    expect(byUnit!.values).not.toEqual(byClass!.values);
    expect((await judged(small)).heatMaps).toEqual([]);
  });
});
