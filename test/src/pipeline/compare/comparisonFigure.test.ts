/** `compare --figure`: what is drawn is the spectrum and the law that was compared. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { runCompare } from '../../../../src/pipeline/compare/compare.js';
import { comparisonDrawing } from '../../../../src/pipeline/compare/comparisonDrawing.js';
import { compareOptions, type CompareText } from '../../../../src/pipeline/compare/optionsFromText.js';
import { writeNpy } from '../../../../src/store/formats/index.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-comparison-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [ratio, dimension] = [0.5, 100];
const [lower, upper] = [(1 - Math.sqrt(ratio)) ** 2, (1 + Math.sqrt(ratio)) ** 2];

/** Marčenko and Pastur's density of variance 1, in closed form. */
const density = (x: number): number =>
  x <= lower || x >= upper ? 0 : Math.sqrt((upper - x) * (x - lower)) / (2 * Math.PI * ratio * x);

/** Quantiles of that law at (i + ½)/d by steps of 1e-4, times a variance: as near to it as a spectrum can be. */
function ideal(variance: number): number[] {
  const found: number[] = [];
  let mass = 0;
  for (let x = lower; x < upper && found.length < dimension; x += 1e-4) {
    mass += 1e-4 * density(x + 5e-5);
    while (mass > (found.length + 0.5) / dimension) found.push(variance * x);
  }
  while (found.length < dimension) found.push(variance * upper);
  return found;
}

const file = (name: string, values: readonly number[]): string => {
  const path = join(folder, `${name}.npy`);
  writeFileSync(path, writeNpy(values));
  return path;
};

interface Row {
  readonly panel: string;
  readonly series: string;
  readonly x: number;
  readonly y: number;
}

/** The table of the figure of a comparison, and its caption. */
async function drawn(name: string, text: Partial<CompareText>): Promise<{ rows: Row[]; tex: string; done: boolean }> {
  const figure = join(folder, `${name}.html`);
  const drawing = (await comparisonDrawing({ figure }))!;
  const settings = { level: '0.01', seed: '1', backend: 'wasm', nullReplicates: '99' } as const;
  const options = await compareOptions({ ...settings, ...text });
  const result = await runCompare({ ...options, measuresPower: false, onSpectrum: drawing.onSpectrum });
  const done = await drawing.draw(result);
  if (!done) return { rows: [], tex: '', done };
  const [, ...lines] = readFileSync(join(folder, `${name}.csv`), 'utf8')
    .trim()
    .split('\n');
  const rows = lines.map((line) => {
    const [panel, series, x, y] = line.split(',') as [string, string, string, string];
    return { panel, series, x: Number(x), y: Number(y) };
  });
  return { rows, tex: readFileSync(join(folder, `${name}.tex`), 'utf8'), done };
}

const of = (rows: readonly Row[], series: string): readonly Row[] => rows.filter((row) => row.series === series);

describe('the figure of a comparison', () => {
  test('a stated law: its density in closed form, bars of mass 1, quantiles of all eigenvalues', async () => {
    const eigenvalues = file('stated', ideal(1));
    const { rows, tex } = await drawn('stated', { eigenvalues, weights: '1', aspectRatio: '0.5' });
    const law = of(rows, 'law').filter(({ x }) => x > lower + 0.01 && x < upper - 0.01);
    expect(law.length).toBeGreaterThan(300);
    for (const { x, y } of law) expect(Math.abs(y - density(x))).toBeLessThan(1e-6);
    const bars = of(rows, 'eigenvalues');
    const width = bars[1]!.x - bars[0]!.x;
    expect(width * bars.reduce((sum, { y }) => sum + y, 0)).toBeCloseTo(1, 8);
    const quantiles = of(rows, 'quantiles');
    expect(quantiles.length).toBe(dimension);
    // Of the table of the law, between whose points lines are drawn.
    for (const { x, y } of quantiles) expect(Math.abs(x - y)).toBeLessThan(0.01);
    expect(tex).toMatch(/\\caption\{Spectrum of .*stated\.npy and the density of .* Verdict: \w+\.\}/);
    // A law 20 % too wide would be seen.
    expect(law.some(({ x, y }) => Math.abs(y - density(x / 1.2) / 1.2) > 0.05)).toBe(true);
  });

  test('a bulk that was found, of variance 2: its spike is a mark, and no part of the quantiles', async () => {
    const spiked = [...ideal(2).slice(0, -1), 14];
    const { rows } = await drawn('bulk', { eigenvalues: file('bulk', spiked), samples: '200' });
    expect(of(rows, 'observed outliers').map(({ x }) => x)).toEqual([14]);
    expect(of(rows, 'quantiles').length).toBe(dimension - 1);
    const law = of(rows, 'law').filter(({ x }) => x > 1 && x < 4);
    for (const { x, y } of law) expect(Math.abs(y - density(x / 2) / 2)).toBeLessThan(0.02);
  });

  test('where no law could be drawn there is no figure, and files that are there are kept', async () => {
    const top = { eigenvalues: file('top', [3, 2.9, 2.8]), top: true, dimension: '1000', samples: '2000' };
    expect((await drawn('top', { ...top, noiseVariance: '1' })).done).toBe(false);
    expect(existsSync(join(folder, 'top.html'))).toBe(false);
    await expect(comparisonDrawing({ figure: join(folder, 'bulk.html') })).rejects.toThrow(/'.*bulk.html' exists/);
    await expect(comparisonDrawing({ column: 'single' })).rejects.toThrow(/name its file with --figure/);
    expect(await comparisonDrawing({})).toBeUndefined();
  });
});
