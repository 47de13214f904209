import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { sweep as presentation } from '../../../src/cli/presentations/sweep.js';
import { requireRunMemory } from '../../../src/pipeline/run/memory.js';
import { type SweepResult } from '../../../figures/sweepResult.js';
import { runSweep, sweepJob } from '../../../src/pipeline/sweep/runSweep.js';
import { memoryLimit } from '../../../src/store/allocation.js';
import { writeNpy } from '../../../src/store/formats/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { UsageError } from '../../../theory/errors.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-sweep-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
function specFile(text: string): string {
  const path = join(folder, `spec${files++}.yaml`);
  writeFileSync(path, text);
  return path;
}
const SEED = 'sweep test';
const run = (text: string): Promise<SweepResult> =>
  runSweep({ spec: specFile(text), workers: 0, backend: 'wasm', seed: SEED });
const verdictOf = (result: SweepResult, block: string, name: string) =>
  result.summary.groups
    .find((group) => group.block === block)!
    .comparisons.find((comparison) => comparison.name === name)!;

const LINEAR =
  'model: linear\nloss: ce\nd: [24, 48, 96]\nN: "2*d"\nC: 5\nreplicates: 10\nnullReplicates: 40\nblocks: [output-diagonal]\n';

describe(`regimes where the law is known (seed ${SEED}; each sweep has a level of 0.01)`, () => {
  test("the paper's regime: every comparison agrees, at the predicted rates", async () => {
    const result = await run(LINEAR);
    expect(verdictOf(result, 'output-diagonal', 'coupling').verdict).toBe('agree');
    const weights = verdictOf(result, 'output-diagonal', 'weights');
    expect(weights.verdict).toBe('agree');
    expect(weights.exponent!.value).toBeLessThan(-0.8);
    const law = verdictOf(result, 'output-diagonal', 'law');
    expect(law.verdict).not.toBe('disagree');
    expect(result.summary.groups[0]!.reason).toMatch(/Gaussian with identity covariance.*finite-rank/);
  });
  test('classes in proportion to the dimension: decoupling given the weights holds, the law of a fixed C fails', async () => {
    const result = await run(`${LINEAR.replace('C: 5', 'C: "round(0.2*d)"')}claimedClasses: 5\n`);
    expect(verdictOf(result, 'output-diagonal', 'weights').verdict).toBe('agree');
    const law = verdictOf(result, 'output-diagonal', 'law');
    expect(law.verdict).toBe('disagree');
    expect(law.exponent!.lower).toBeGreaterThan(-0.25);
    expect(result.summary.groups[0]!.reason).toMatch(/in proportion to d = 96/);
  });
  test('empirical Fisher blocks: their law agrees, and that of the wrong number of classes does not', async () => {
    const fisher = LINEAR.replace('loss: ce', 'loss: ce\ncurvature: empirical-fisher');
    const result = await run(fisher);
    for (const name of ['weights', 'coupling'])
      expect(verdictOf(result, 'output-diagonal', name).verdict).toBe('agree');
    expect(verdictOf(result, 'output-diagonal', 'law').verdict).not.toBe('disagree');
    expect(result.settings).toMatchObject({ curvature: 'empirical-fisher' });
    const wrong = await run(`${fisher}claimedClasses: 20\n`);
    expect(verdictOf(wrong, 'output-diagonal', 'law').verdict).toBe('disagree');
    await expect(run(`${fisher.replace('linear', 'hidden')}m: 4\n`)).rejects.toThrow(
      /curvature: blocks of the empirical/,
    );
  });
  test('multivariate t inputs: the paper fails with a rate that does not vanish, the law with the radii in the weights holds', async () => {
    const result = await run(`${LINEAR}inputs: {distribution: student, degrees: 5, radius: shared}\n`);
    // Ten draws of heavy tails leave the rate of the limit law wide: not agreed with, at least.
    expect(verdictOf(result, 'output-diagonal', 'law').verdict).not.toBe('agree');
    const weights = verdictOf(result, 'output-diagonal', 'weights');
    expect(weights.verdict).toBe('disagree');
    expect(weights.exponent!.lower).toBeGreaterThan(-0.6);
    expect(verdictOf(result, 'output-diagonal', 'applicable').verdict).toBe('agree');
  });
  test('lognormal radii: the same law holds with the radii in the weights, and the sweep says which', async () => {
    const result = await run(`${LINEAR}inputs: {distribution: lognormal, spread: 0.6}\n`);
    expect(verdictOf(result, 'output-diagonal', 'weights').verdict).toBe('disagree');
    expect(verdictOf(result, 'output-diagonal', 'applicable').verdict).toBe('agree');
    expect(result.summary.groups[0]!.applies).toBe('given weights and radii');
    expect(result.summary.groups[0]!.reason).toMatch(/Gaussian times its own radius/);
  });
  test('correlated inputs: the separable law holds, the uncorrelated one fails', async () => {
    const result = await run(`${LINEAR}inputs: {distribution: toeplitz, correlation: 0.6}\n`);
    expect(verdictOf(result, 'output-diagonal', 'weights').verdict).toBe('disagree');
    expect(verdictOf(result, 'output-diagonal', 'applicable').verdict).toBe('agree');
    expect(result.summary.groups[0]!.applies).toBe('separable');
  });
  test('width in proportion to the dimension: output blocks follow the Gaussian equivalent at rate 1/d', async () => {
    const result = await run(
      'model: hidden\nloss: ce\nd: [32, 64, 128]\nN: "3*d"\nC: 5\nm: "round(0.5*d)"\nreplicates: 8\nnullReplicates: 24\nblocks: [output-diagonal]\ncompare: [weights]\n',
    );
    expect(result.summary.groups[0]!.applies).toBe('gaussian equivalent');
    const applicable = verdictOf(result, 'output-diagonal', 'applicable');
    expect(applicable.verdict).toBe('agree');
    expect(applicable.exponent!.value).toBeLessThan(-0.8);
  });
  test('an activation given as a formula, with its residual term, is predicted and drawn', async () => {
    const result = await run(
      'model: hidden\nloss: ce\nactivation: {expression: "x*tanh(log(1+exp(x)))"}\nd: [32, 64]\nN: "2*d"\nC: 5\nm: 3\nreplicates: 6\nnullReplicates: 40\nblocks: [hidden-diagonal]\ncompare: [law, weights, coupling]\n',
    );
    expect(verdictOf(result, 'hidden-diagonal', 'weights').verdict).toBe('agree');
    expect(verdictOf(result, 'hidden-diagonal', 'coupling').verdict).toBe('agree');
    expect(verdictOf(result, 'hidden-diagonal', 'law').verdict).not.toBe('disagree');
  });
  test('squared error: the off-diagonal block of the linear model is exactly zero', async () => {
    const result = await run(
      'model: linear\nloss: mse\nd: [8, 16]\nN: "2*d"\nC: 3\nreplicates: 3\nnullReplicates: 19\n',
    );
    expect(verdictOf(result, 'output-off-diagonal', 'law').reason).toMatch(/exactly zero/);
  });
});

describe('where no law is known', () => {
  test('data from a file: draws are compared with draws, and it says so', async () => {
    const table = Float64Array.from({ length: 40 * 5 }, (_, k) => Math.sin(k * k) + (k % 5));
    writeFileSync(join(folder, 'data.npy'), writeNpy(table, [40, 5]));
    const result = await run(
      'model: linear\nloss: ce\nd: 5\nN: [10, 20]\nC: 3\nreplicates: 4\nnullReplicates: 19\ncompare: [ratio]\ninputs: {distribution: data, file: data.npy}\n',
    );
    const [group] = result.summary.groups;
    expect(group!.applies).toBe('none');
    expect(group!.reason).toMatch(/No law is known/);
    expect(group!.comparisons).toMatchObject([{ name: 'draws', verdict: 'undecided' }]);
  });

  test('inputs in clusters: no law is claimed, of the first layer or of features', async () => {
    const sizes = 'd: 6\nN: [10, 20]\nC: 3\nm: 2\nreplicates: 4\nnullReplicates: 19\ncompare: [ratio]\n';
    const result = await run(
      `model: hidden\nloss: ce\n${sizes}inputs: {distribution: clusters, components: 4, noise: 0.05}\n`,
    );
    expect(new Set(result.summary.groups.map(({ block }) => block.split('-')[0]))).toEqual(
      new Set(['hidden', 'output']),
    );
    for (const { applies, reason } of result.summary.groups) {
      expect(applies).toBe('none');
      expect(reason).toMatch(/clusters.*no law is known|No law is known for output blocks under these inputs/);
    }
  });
});

describe('data sets from files, look-alikes made here', () => {
  /** Rows of images: brightness, a slope and noise, so that pixels are correlated; the outermost never change. */
  const images = (count: number, side: number, correlated: boolean): Uint8Array => {
    const stream = randomStream(SEED, 'images', 0);
    const pixels = new Uint8Array(count * side * side);
    for (let n = 0; n < count; n++) {
      const [level, slope, curve] = [stream.normal(), stream.normal(), stream.normal()];
      for (let i = 0; i < side * side; i++) {
        const [x, y] = [(i % side) / side - 0.5, Math.floor(i / side) / side - 0.5];
        const common = correlated ? 30 * level + 60 * slope * x + 120 * curve * x * y : 0;
        const value = 128 + common + (correlated ? 8 * (1 + 4 * x * x) : 25) * stream.normal();
        const border = correlated && (i % side === 0 || i < side);
        pixels[n * side * side + i] = border ? 0 : Math.min(255, Math.max(0, Math.round(value)));
      }
    }
    return pixels;
  };
  const idx = (name: string, pixels: Uint8Array, side: number): void => {
    const header = Buffer.from([
      0,
      0,
      8,
      3,
      ...[pixels.length / side ** 2, side, side].flatMap((n) => [0, 0, n >> 8, n & 255]),
    ]);
    writeFileSync(join(folder, name), Buffer.concat([header, pixels]));
  };
  const spec = (file: string) =>
    `model: linear\nloss: ce\nd: 64\nN: 128\nC: 4\nreplicates: 4\nnullReplicates: 40\nblocks: [output-diagonal]\ncompare: [law, weights]\ninputs: {distribution: data, file: ${file}}\n`;
  const shown = (result: SweepResult) => ({
    rejects: presentation.rejects(result),
    table: presentation.table(result, 1000),
  });

  test('correlated images at one size: the law of Gaussian inputs disagrees at this size, and all words say so; the estimate is nearer', async () => {
    idx('t10k-images-idx3-ubyte', images(3000, 8, true), 8);
    const result = await run(spec('t10k-images-idx3-ubyte'));
    const weights = verdictOf(result, 'output-diagonal', 'weights');
    expect(weights).toMatchObject({ verdict: 'disagree', inTheLimit: null, rejectedAtTheseSizes: true });
    expect(weights.reason).toMatch(/^The law does not hold at these sizes: .*Of the limit nothing is said/);
    expect(result.summary.verdicts).toMatchObject({ agree: 0, disagree: 1, undecided: 1 });
    const { rejects, table } = shown(result);
    expect(rejects).toBe(true);
    expect(table).toMatch(/1 disagree, 1 undecided \(1 rejected\)\n$/);
    const { estimate } = result.summary.groups[0]!;
    expect(estimate!.judged).toBe(false);
    expect(estimate!.sizes[0]!.distance).toBeLessThan(0.5 * estimate!.sizes[0]!.gaussian);
    expect(table).toMatch(/estimate +NOT JUDGED +Separable law of the covariance of the data/);
  });
  test('white data: the estimate is the law of Gaussian inputs, up to the noise of a covariance of 6000 rows', async () => {
    idx('white-idx3-ubyte', images(6000, 8, false), 8);
    const result = await run(spec('white-idx3-ubyte'));
    expect(verdictOf(result, 'output-diagonal', 'weights').verdict).not.toBe('disagree');
    const { distance, gaussian } = result.summary.groups[0]!.estimate!.sizes[0]!;
    // N/n = 0.02 widens the law as 2 % of d/N would; 1/(2d) is half an eigenvalue.
    expect(Math.abs(distance - gaussian)).toBeLessThan(1 / 128);
    expect(presentation.rejects(result)).toBe(false);
  });
  test('CIFAR as downloaded is read where its format is named, and the refusal names the key', async () => {
    const record = (labels: number) =>
      Buffer.from(Array.from({ length: labels + 3072 }, (_, k) => (k < labels ? 7 : (k * k) % 251)));
    writeFileSync(join(folder, 'train.bin'), Buffer.concat(Array.from({ length: 5 }, () => record(2))));
    writeFileSync(join(folder, 'data_batch_1.bin'), Buffer.concat(Array.from({ length: 4 }, () => record(1))));
    const cifar = (file: string, format: string) =>
      `model: linear\nloss: ce\nd: 3072\nN: 3\nC: 3\nreplicates: 2\nnullReplicates: 19\ncompare: [ratio]\nblocks: [output-diagonal]\ninputs: {distribution: data, file: ${file}, standardise: false${format}}\n`;
    await expect(run(cifar('train.bin', ''))).rejects.toThrow(
      /size of 5 CIFAR-100 images, .* Write in the specification: inputs: \{distribution: data, file: train\.bin, format: cifar100\}/,
    );
    await expect(run(cifar('data_batch_1.bin', ''))).rejects.toThrow(/size of 4 CIFAR-10 images, .*format: cifar10\}/);
    await expect(run(cifar('train.bin', ', format: cifar10'))).rejects.toThrow(/write format: cifar100/);
    const result = await run(cifar('train.bin', ', format: cifar100'));
    expect(result.rows[0]).toMatchObject({ order: 3072, replicates: 2, applies: 'none' });
  });
});

test('maps of verdicts and exponents over the two lists other than d', async () => {
  const result = await run(
    'model: linear\nloss: mse\nparameters: {growth: [0, 0.5], ratio: [0.5, 2]}\nd: [12, 24]\nN: "round(d/ratio)"\nC: "round(3*d^growth)"\nreplicates: 3\nnullReplicates: 19\n',
  );
  expect(result.points).toBe(8);
  const map = result.phaseMaps.find((candidate) => candidate.id === 'verdict-output-diagonal-law')!;
  expect(map).toMatchObject({ xName: 'growth', yName: 'ratio', x: [0, 0.5], y: [0.5, 2], kind: 'verdict' });
  expect(map.values.flat().every((value) => value === null || [-1, 0, 1].includes(value))).toBe(true);
});

test('a grid point cut short by an interruption is left out', () => {
  const job = sweepJob({ spec: specFile(LINEAR.replace('replicates: 10', 'replicates: 3')), seed: SEED });
  const result = { results: job.tasks.map(() => undefined), backend: 'wasm', failed: [], caveats: [] } as const;
  expect(job.judge({ ...result, interrupted: true }).results).toMatchObject({ interrupted: true, rows: [] });
});

describe('a draw that fails', () => {
  const data = join(folder, 'rows.npy');
  const spec = (samples: string) =>
    `model: linear\nloss: ce\nd: 8\nN: ${samples}\nC: 3\nreplicates: 3\nnullReplicates: 19\ninputs: {distribution: data, file: ${data}}\n`;
  const rows = (): void =>
    writeFileSync(
      data,
      writeNpy(
        Float64Array.from({ length: 240 }, (_, k) => Math.sin(k * k)),
        [30, 8],
      ),
    );
  test('takes its grid point with it; the others are kept, and the failure is named', async () => {
    rows();
    const result = await run(spec('[16, 40, 20]'));
    expect(result.failures).toHaveLength(3);
    expect(result.failures[0]).toMatchObject({ point: 1, replicate: 0, name: 'UsageError' });
    expect(result.failures[0]!.message).toMatch(/N = 40 samples are needed but the data has 30 rows/);
    expect([...new Set(result.rows.map((row) => row.point))]).toEqual([0, 2]);
    expect(result.interrupted).toBe(false);
  });
  test('is thrown where no grid point is left', async () => {
    rows();
    await expect(run(spec('40'))).rejects.toThrow(UsageError);
  });
});

describe('refused before anything is drawn', () => {
  test.each([
    [LINEAR, { spec: 'missing.yaml' }, /missing\.yaml: there is no such file/],
    [`${LINEAR}inputs: {distribution: data, file: nothing.npy}\n`, {}, /nothing\.npy: there is no such file/],
    [
      'model: hidden\nloss: ce\nactivation: {expression: "max(x,0)"}\nd: 4\nN: 8\nC: 2\nm: 2\n',
      {},
      /Declare the point in kinks/,
    ],
    [
      LINEAR.replace('[24, 48, 96]', '30000'),
      { workers: 1000 },
      /1000 workers of [\d.]+ GiB \(largest draw d = 30000, N = 60000\) needs [\d.]+ GiB and /,
    ],
  ])('%#', (text, options, message) => {
    const { workers, ...words } = { spec: specFile(text), workers: 0, seed: SEED, ...options };
    const plan = () => {
      const job = sweepJob(words);
      requireRunMemory(job, workers, memoryLimit());
      return job.plan(workers);
    };
    expect(plan).toThrow(UsageError);
    expect(plan).toThrow(message);
  });
});
