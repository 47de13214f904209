import { describe, expect, test } from '@jest/globals';
import { whiteSpectrum } from '../../../../simulations/comparisons/index.js';
import { randomStream } from '../../../../simulations/random/index.js';
import { bulkNull } from '../../../../src/draws/bulk/bulkNull.js';
import { fitBulkSet } from '../../../../src/draws/bulk/bulkSet.js';
import { UsageError } from '../../../../theory/errors.js';

const [d, N, draws] = [24, 60, 5];
const calibration = bulkNull({
  rank: d,
  degrees: N,
  knowsDegrees: true,
  knowsVariance: false,
  replicates: 3999,
  seed: 'bulk sets',
});
const setOf = (label: string, r: number, scale = 1) =>
  Array.from({ length: draws }, (_, k) =>
    whiteSpectrum(randomStream('bulk sets', label, r * draws + k), d, N).map((value) => scale * value),
  );
const fitOf = (spectra: readonly Float64Array[], level = 0.05) =>
  fitBulkSet(spectra, { samples: N, level, null: calibration });

describe('several draws of one bulk', () => {
  test('each of the three tests rejects 1 set in 20, and the interval covers 19 in 20', () => {
    const count = 400;
    const fits = Array.from({ length: count }, (_, r) => fitOf(setOf('nulls', r)));
    // Binomial(400, 1/20): mean 20, standard deviation 4.4, and 1.4 of the table: outside 4 … 40 with chance below 1e-4.
    for (const name of ['largest', 'smallest', 'shape'] as const) {
      const rejected = fits.filter(({ tests }) => tests![name] <= 0.05).length;
      expect(rejected).toBeGreaterThan(4);
      expect(rejected).toBeLessThan(40);
    }
    const found = fits.flatMap((fit) => (fit.status === 'bulk' ? [fit] : []));
    const covered = found.filter(({ varianceInterval: [low, high] = [0, 0] }) => low <= 1 && high >= 1).length;
    expect(covered / found.length).toBeGreaterThan(0.91);
    expect(covered / found.length).toBeLessThan(0.99);
    // Best standard deviation of five draws √(2/(5 d N)) = 0.0167; of the mean of all sets 1.2/20 of that.
    const mean = found.reduce((sum, { variance }) => sum + variance / found.length, 0);
    expect(Math.abs(mean - 1) / Math.sqrt(2 / (draws * d * N))).toBeLessThan(0.25);
  });
  test('the interval is narrower than that of one of them, a spike is told with its draw, other sizes are rejected', () => {
    const spectra = setOf('nulls', 1, 3);
    const [one, all] = [fitOf(spectra.slice(0, 1)), fitOf(spectra)].map((fit) => {
      if (fit.status !== 'bulk') throw new Error(fit.reason);
      return fit.varianceInterval!;
    });
    expect((all![1] - all![0]) / (one![1] - one![0])).toBeCloseTo(1 / Math.sqrt(draws), 0.5);
    const spiked = fitOf(
      spectra.map((values, k) => (k === 3 ? values.map((value, i) => (i === d - 1 ? 30 : value)) : values)),
      0.01,
    );
    expect(spiked).toMatchObject({ status: 'bulk', above: [{ eigenvalue: 30, draw: 3 }] });
    const wide = Array.from({ length: draws }, (_, k) => whiteSpectrum(randomStream('bulk sets', 'wide', k), d, 30));
    expect(fitOf(wide, 0.01).status).toBe('not this law');
  });
  test('draws of several sizes are refused, and a negative eigenvalue names its draw', () => {
    const spectra = setOf('nulls', 2);
    const dead = spectra.map((values, k) => (k === 2 ? values.map((value, i) => (i === 0 ? 0 : value)) : values));
    expect(() => fitOf(dead)).toThrow(UsageError);
    expect(() => fitOf(dead)).toThrow(
      /of one 0 eigenvalues are zero and of another 1\. Take them one by one with --row/,
    );
    const negative = spectra.map((values, k) => (k === 4 ? values.map((value, i) => (i === 0 ? -1 : value)) : values));
    const fit = fitOf(negative);
    expect(fit.status === 'bulk' ? '' : fit.reason).toMatch(/^draw 4: 1 of 24 eigenvalues is negative/);
  });
});
