/** Figures from run folders of trainings and of sweeps: one, several, and what is refused. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { figuresOf } from '../../../figures/index.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { createEnvironment } from '../../../src/draws/environment.js';
import { performSweepTask } from '../../../src/draws/sweep/sweepTask.js';
import { drawFigures, readTraining } from '../../../src/pipeline/figures/drawFigures.js';
import { runSweep, sweepJob } from '../../../src/pipeline/sweep/runSweep.js';
import { syntheticRun } from '../../helpers/syntheticRun.js';
import { trainedRuns } from '../../helpers/trainedRuns.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-figures-'));
afterAll(() => rmSync(folder, { recursive: true }));

function runFolder(name: string, results: unknown): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'results.json'), JSON.stringify(results));
  return path;
}

const { hidden, wider } = trainedRuns();
const [one, two, check] = [
  runFolder('one', hidden),
  runFolder('two', wider),
  runFolder('check', syntheticRun()),
] as const;

const draw = (run: string, out: string, ids?: string[]) =>
  drawFigures({
    run,
    ids,
    formats: ['html'],
    out: join(folder, out),
    browser: {},
    width: undefined,
    scale: undefined,
    overwrite: false,
    onFile: () => undefined,
  });

describe('figures from folders of trainings', () => {
  test('of several runs, one figure shows all of them', async () => {
    const { files } = await draw(`${one}, ${two}`, 'ratios', ['ratios-along-training']);
    expect(files.map((file) => [basename(file), existsSync(file)])).toEqual(
      ['html', 'tex', 'csv'].map((ending) => [`ratios-along-training.${ending}`, true]),
    );
  });

  test('what a run has no data for is left out, with what it needs', async () => {
    const { files, skipped } = await draw(two, 'two-out');
    expect(files.length).toBeGreaterThan(8);
    expect(skipped.map(({ id }) => id)).toEqual([
      'training-heat-maps',
      'training-heat-maps-by-unit',
      'least-squares-descent',
    ]);
    expect(skipped[0]!.needs).toContain('--heat-maps');
  });

  test('refused: several folders of which one is no training; a figure of another kind of run; a damaged file', async () => {
    await expect(draw(`${one},${check}`, 'x')).rejects.toThrow(
      /figures show several of 'limitlaw train', or of 'limitlaw head', alone/,
    );
    await expect(draw(one, 'x', ['phase-diagram'])).rejects.toThrow(/this kind of run has no figure 'phase-diagram'/);
    const damaged = runFolder('damaged', { ...hidden, runs: [{ replicate: 0, marks: [{ step: 0 }] }] });
    await expect(draw(damaged, 'x')).rejects.toThrow(/results.json is damaged or of another version/);
    expect(() => readTraining(check)).toThrow(/--run must name a run folder of 'limitlaw train'/);
    expect(readTraining(one).seed).toBe('fixture');
  });
});

describe('figures from the folder of a sweep', () => {
  const spec = join(folder, 'spec.yaml');
  const sweep = (words: string) => {
    writeFileSync(
      spec,
      `model: linear\nloss: ce\nN: "2*d"\nC: 4\nreplicates: 3\nnullReplicates: 19\nblocks: [output-diagonal]\n${words}\n`,
    );
    return runSweep({ spec, workers: 0, backend: 'wasm', seed: 'figures' });
  };

  test('two sizes: verdicts with power, distances of each law, the spectrum of the larger size; a map over lists', async () => {
    const results = await sweep('d: [12, 24]\nparameters: {ratio: [1, 2]}\nlogitVariance: ratio');
    const run = runFolder('sweep', results);
    const { files, skipped } = await draw(run, 'sweep-out');
    expect(skipped).toEqual([]);
    expect(files.filter((file) => file.endsWith('.html')).map((file) => basename(file, '.html'))).toEqual([
      'verdicts',
      'distance-against-dimension',
      'spectra',
      'phase-diagram',
    ]);
    const figure = (id: string) =>
      figuresOf(results)
        .find((each) => each.id === id)!
        .build()!;
    // Laws of two groups, each once in the legend, with the rates that the sweep fitted.
    const { data, layout } = figure('distance-against-dimension');
    const { exponent } = results.summary.groups[0]!.comparisons.find(({ name }) => name === 'weights')!;
    expect(JSON.stringify(layout)).toContain(`${exponent!.value.toFixed(2)} [`.replaceAll('-', '−'));
    expect(data.filter((trace) => trace['showlegend']).map((trace) => trace['name'])).toEqual([
      'limit law',
      'law given the drawn weights',
    ]);
    expect(results.spectra!.map(({ dimension, law }) => [dimension, law])).toEqual([
      [24, 'law given the drawn weights'],
      [24, 'law given the drawn weights'],
    ]);
    const table = JSON.stringify(figure('verdicts'));
    for (const { comparisons } of results.summary.groups)
      for (const { verdict } of comparisons) expect(table).toContain(`"${verdict}"`);
  });

  test('one size has no rate to show; results of before pictures were kept are drawn without them', async () => {
    const { spectra, ...before } = await sweep('d: 12');
    expect(spectra).toHaveLength(1);
    const { skipped } = await draw(runFolder('old', before), 'old-out');
    expect(skipped.map(({ id }) => id)).toEqual(['distance-against-dimension', 'spectra', 'phase-diagram']);
  });

  test('pictures change nothing else: draws with and without them are the same', async () => {
    writeFileSync(spec, 'model: linear\nloss: ce\nd: 10\nN: 20\nC: 3\nreplicates: 2\nnullReplicates: 19\n');
    const { tasks } = sweepJob({ spec, seed: 'figures' });
    const environment = createEnvironment(await createBackend('wasm'));
    const { picture, ...plain } = tasks[0]!;
    expect([picture, tasks[1]!.picture]).toEqual([true, undefined]);
    const shown = await performSweepTask(tasks[0]!, environment);
    const blocks = shown.blocks.map(({ pictures, ...rest }) => (expect(pictures).toHaveLength(1), rest));
    expect(blocks).toEqual((await performSweepTask(plain, environment)).blocks);
  });

  test('a damaged file of a sweep is refused', async () => {
    const damaged = runFolder('damaged-sweep', { kind: 'sweep', version: '0', seed: '1', settings: {}, rows: [] });
    await expect(draw(damaged, 'x')).rejects.toThrow(/results.json is damaged or of another version/);
  });
});
