/** Figures from run folders of trainings: one, several, and what is refused. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { drawFigures, readTraining } from '../../../src/pipeline/figures/drawFigures.js';
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
    expect(files.map((file) => existsSync(file))).toEqual([true, true]);
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
    await expect(draw(`${one},${check}`, 'x')).rejects.toThrow(/figures show several runs of 'limitlaw train' alone/);
    await expect(draw(one, 'x', ['phase-diagram'])).rejects.toThrow(/this kind of run has no figure 'phase-diagram'/);
    const damaged = runFolder('damaged', { ...hidden, runs: [{ replicate: 0, marks: [{ step: 0 }] }] });
    await expect(draw(damaged, 'x')).rejects.toThrow(/results.json is damaged or of another version/);
    expect(() => readTraining(check)).toThrow(/--run must name a run folder of 'limitlaw train'/);
    expect(readTraining(one).seed).toBe('fixture');
  });
});
