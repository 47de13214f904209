import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { whiteSpectrum } from '../../../../simulations/comparisons/index.js';
import { randomStream } from '../../../../simulations/random/index.js';
import { bulkNull } from '../../../../src/draws/bulk/bulkNull.js';
import { fitBulk, type BulkFit, type FitBulkOptions } from '../../../../src/draws/bulk/fitBulk.js';
import { UsageError } from '../../../../theory/errors.js';

interface Case {
  readonly name: string;
  readonly samples: number | null;
  readonly eigenvalues: readonly number[];
  readonly variance?: number;
  readonly strengths?: readonly number[];
}
const cases = JSON.parse(
  readFileSync(new URL('../../../fixtures/numpy/bulkSpectra.json', import.meta.url), 'utf8'),
) as Case[];
const spectrumOf = (name: string) => {
  const found = cases.find((each) => each.name === name)!;
  return { ...found, eigenvalues: Float64Array.from(found.eigenvalues) };
};
// 999 draws: the fixtures are far from the level, or their p-values are stated to a factor.
const defaults = { replicates: 999 };
const fitted = (eigenvalues: Float64Array, options: FitBulkOptions) => {
  const fit = fitBulk(eigenvalues, { ...defaults, ...options });
  if (fit.status !== 'bulk') throw new Error(fit.reason);
  return fit;
};
const reasonOf = (fit: BulkFit) => (fit.status === 'bulk' ? 'a bulk' : fit.reason);

describe('spectra of NumPy draws (fixtures/numpy/bulkSpectra.py)', () => {
  test.each([
    ['null', 0, 0],
    ['mode', 4, 0],
    ['scale', 6, 0],
    ['centred', 0, 0],
    ['square', 0, 0],
    ['below', 0, 3],
    ['near', 5, 0],
  ])('%s: %d spikes above, %d below; variance and strengths are those of the other program', (name, above, below) => {
    const { eigenvalues, samples, variance, strengths } = spectrumOf(name);
    const fit = fitted(eigenvalues, { samples: samples! });
    expect([fit.above.length, fit.below.length]).toEqual([above, below]);
    // Interpolated quantiles of the other program: 1e-6.
    expect(fit.variance / variance!).toBeCloseTo(1, 5);
    const found = [...fit.above, ...[...fit.below].reverse()].map(({ strength }) => strength);
    found.forEach((strength, k) => expect(strength / strengths![k]!).toBeCloseTo(1, 4));
    expect(fit.varianceInterval![0]).toBeLessThan(fit.variance);
    expect(fit.varianceInterval![1]).toBeGreaterThan(fit.variance);
  });
  test('a mean that was subtracted is seen by one zero more, and told', () => {
    const { eigenvalues } = spectrumOf('centred');
    for (const options of [{ samples: 100 }, { samples: 100, centred: true }, {}]) {
      const fit = fitted(eigenvalues, options);
      expect(fit).toMatchObject({ zeros: 101, degrees: 99, dimension: 200, aspectRatio: 200 / 99 });
      expect(fit.notes).toHaveLength('centred' in options ? 0 : 1);
    }
  });
  test('heavy tails are not of the law, and no count is quoted', () => {
    const fit = fitBulk(spectrumOf('heavy').eigenvalues, { ...defaults, samples: 400 });
    expect(fit.status).toBe('not this law');
    expect(fit.tests!.shape).toBeLessThan(0.002);
    expect(fit).not.toHaveProperty('variance');
    expect(fit).not.toHaveProperty('above');
  });
  test('with N withheld ratio and variance are found together', () => {
    const fit = fitted(spectrumOf('free').eigenvalues, { replicates: 399 });
    // An independent program with the same grid of ratios: σ² 0.997469, d/N 0.5033.
    expect(fit.above).toHaveLength(3);
    expect(fit.variance).toBeCloseTo(0.997469, 4);
    expect(fit.aspectRatio).toBeCloseTo(0.5033, 4);
    const [low, high] = fit.aspectRatioInterval!;
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
  });
  test('with the variance known only what stands out is asked, and with a wrong one the shape is rejected', () => {
    const { eigenvalues } = spectrumOf('near');
    const fit = fitted(eigenvalues, { samples: 400, variance: 1 });
    expect(fit).toMatchObject({ variance: 1, varianceInterval: undefined });
    expect(fit.above).toHaveLength(5);
    expect(fitBulk(eigenvalues, { ...defaults, samples: 400, variance: 1.1 }).status).toBe('not this law');
    // In any units.
    const scaled = fitted(
      eigenvalues.map((value) => 9 * value),
      { samples: 400, variance: 9 },
    );
    expect(scaled.above.map(({ strength }) => strength.toFixed(6))).toEqual(
      fit.above.map(({ strength }) => strength.toFixed(6)),
    );
  });
  test('a wrong N is rejected where the bulk is large enough to tell', () => {
    const { eigenvalues } = spectrumOf('mode');
    expect(fitBulk(eigenvalues, { ...defaults, samples: 200 }).status).toBe('not this law');
    expect(reasonOf(fitBulk(eigenvalues, { ...defaults, samples: 100 }))).toMatch(
      /120 eigenvalues are not zero, and a matrix of 100 degrees of freedom has no more than 100; check N/,
    );
  });
});

describe('a bulk and nothing else', () => {
  const calibration = bulkNull({
    rank: 60,
    degrees: 120,
    knowsDegrees: true,
    knowsVariance: false,
    replicates: 3999,
    seed: 'bulk test',
  });
  const fits = Array.from({ length: 1000 }, (_, r) => {
    const values = whiteSpectrum(randomStream('bulk test', 'nulls', r), 60, 120);
    return fitBulk(values, { samples: 120, level: 0.05, null: calibration });
  });
  const rejected = (name: 'largest' | 'smallest' | 'shape') => fits.filter(({ tests }) => tests![name] <= 0.05).length;
  test('each of the three tests rejects 1 in 20, and the interval covers 19 in 20', () => {
    // Binomial(1000, 1/20): mean 50, standard deviation 6.9, and 3.4 of the table: outside 20 … 80 with chance below 1e-4.
    for (const name of ['largest', 'smallest', 'shape'] as const) {
      expect(rejected(name)).toBeGreaterThan(20);
      expect(rejected(name)).toBeLessThan(80);
    }
    const covered = fits.filter(
      (fit) => fit.status !== 'bulk' || (fit.varianceInterval![0] <= 1 && fit.varianceInterval![1] >= 1),
    );
    expect(covered.length).toBeGreaterThan(920);
    expect(covered.length).toBeLessThan(980);
  });
  test('the variance has no bias: within 0.15 of the best standard deviation, where a rank off by one costs 1.7', () => {
    const found = fits.flatMap((fit) => (fit.status === 'bulk' ? [fit.variance] : []));
    const mean = found.reduce((a, b) => a + b) / found.length;
    // Standard error 1.2/√1000 = 0.04.
    expect(Math.abs(mean - 1) / Math.sqrt(2 / (60 * 120))).toBeLessThan(0.15);
  });
  test('one large eigenvalue in its place is one spike, five equal ones do not hide behind each other', () => {
    const values = whiteSpectrum(randomStream('bulk test', 'spiked', 0), 60, 120);
    for (const count of [1, 5]) {
      const spiked = values.map((value, i) => (i >= 60 - count ? 8 + 0.1 * i : value));
      const fit = fitted(spiked, { samples: 120, null: calibration });
      expect(fit.above).toHaveLength(count);
      expect(fit.tests.largest).toBeLessThan(1e-3);
      expect(fit.above[0]!.eigenvalue).toBeCloseTo(13.9, 12);
    }
  });
  test('spikes without a bulk are none', () => {
    const values = Float64Array.from({ length: 60 }, (_, i) => 1.3 ** i);
    expect(fitBulk(values, { samples: 120, null: calibration }).status).toBe('not this law');
  });
  test('the same seed gives the same draws, from a table too', () => {
    const tables = new Map();
    const settings = { rank: 24, degrees: 50, knowsDegrees: true, knowsVariance: false, replicates: 99, seed: 'a' };
    const first = bulkNull(settings, tables);
    const second = bulkNull(settings, tables);
    expect([first.fromTable, second.fromTable]).toEqual([false, true]);
    expect(second.scales).toEqual(first.scales);
    expect(bulkNull({ ...settings, knowsVariance: true }, tables).fromTable).toBe(false);
  });
});

describe('zeros', () => {
  const white = (d: number, samples: number, label: string) =>
    whiteSpectrum(randomStream('bulk test', label, 0), d, samples);
  test('dead dimensions are taken off', () => {
    const values = Float64Array.from([...white(40, 100, 'dead'), 0, 0]).sort();
    const fit = fitted(values, { samples: 100 });
    expect(fit).toMatchObject({ dimension: 40, degrees: 100, zeros: 2 });
    expect(fit.notes.join()).toMatch(/2 eigenvalues are zero where d < N leaves none: dead dimensions/);
  });
  test('small eigenvalues where d > N are of no direction of x', () => {
    const values = white(80, 40, 'wide');
    expect(fitBulk(values, { ...defaults, samples: 40 }).status).toBe('bulk');
    values[40] = 1e-3;
    expect(reasonOf(fitBulk(values, { ...defaults, samples: 40 }))).toMatch(
      /1 of the eigenvalues that are not zero lies between zero and the bulk, where no direction of x puts one when d > N/,
    );
  });
  test('negative eigenvalues are none of such a matrix', () => {
    const values = white(40, 100, 'negative');
    values[0] = -0.1;
    expect(reasonOf(fitBulk(values, { samples: 100 }))).toMatch(
      /^1 of 40 eigenvalues is negative \(smallest -0.1000\), and \(1\/N\) Σ x xᵀ has none$/,
    );
  });
});

test('with all known a dozen eigenvalues can be tested: what stands out is seen, a wrong variance is rejected', () => {
  const options = { samples: 40, variance: 1, replicates: 999 };
  const values = whiteSpectrum(randomStream('bulk test', 'dozen', 0), 12, 40);
  expect(fitted(values, options)).toMatchObject({ above: [], below: [], varianceInterval: undefined });
  const spiked = fitted(
    values.map((value, i) => (i === 11 ? 6 : value)),
    options,
  );
  expect(spiked.above.map(({ eigenvalue }) => eigenvalue)).toEqual([6]);
  expect(fitBulk(values, { ...options, variance: 0.3 }).status).toBe('not this law');
});

test.each<[string, Float64Array, FitBulkOptions, RegExp]>([
  ['none', new Float64Array(3).fill(1), { samples: 9, variance: 1 }, /at least 20 eigenvalues .* got 3\.$/],
  [
    'few',
    new Float64Array(19).fill(1),
    {},
    /at least 20 eigenvalues that are not zero to be fitted, got 19\. What is known can be tested/,
  ],
  ['NaN', Float64Array.of(1, NaN), {}, /every eigenvalue must be finite, but number 1 is NaN/],
  ['variance', new Float64Array(30).fill(1), { variance: 0 }, /noise variance must be a positive number, got 0/],
  ['samples', new Float64Array(30).fill(1), { samples: 1.5 }, /positive whole number, got 1.5/],
  ['level', new Float64Array(30).fill(1), { level: 1 }, /level must lie between 0 and 0.5, got 1/],
  ['draws', new Float64Array(30).fill(1), { replicates: 19 }, /at least 99 draws of the bulk, got 19/],
  ['centred', new Float64Array(30).fill(1), { samples: 1, centred: true }, /--centred leaves N − 1/],
])('refused, naming what is wrong: %s', (_name, eigenvalues, options, message) => {
  expect(() => fitBulk(eigenvalues, options)).toThrow(UsageError);
  expect(() => fitBulk(eigenvalues, options)).toThrow(message);
});
