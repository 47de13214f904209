import { beforeAll, describe, expect, test } from '@jest/globals';
import { signsOf, type NullTable } from '../../../../simulations/comparisons/index.js';
import type { Backend, RandomStream, Workspace } from '../../../../simulations/contracts.js';
import { createBackend } from '../../../../simulations/linalg/index.js';
import { randomStream } from '../../../../simulations/random/index.js';
import type { BulkFit } from '../../../../src/draws/bulk/fitBulk.js';
import { statedFitter, type StatedFitter } from '../../../../src/draws/bulk/fitStatedBulk.js';
import { UsageError } from '../../../../theory/errors.js';
import { discreteMeasure } from '../../../../theory/measures/index.js';

const [d, N] = [60, 120];
let backend: Backend;
let workspace: Workspace;
beforeAll(async () => {
  backend = await createBackend('wasm');
  workspace = backend.createWorkspace(d, N);
});

/** Eigenvalues with `count` coordinates of x of another variance. */
function drawn(stream: RandomStream, weights: Float64Array, count = 0, variance = 1): Float64Array {
  workspace.drawInputs(stream);
  for (let n = 0; n < N; n++) for (let i = 0; i < count; i++) workspace.inputs[n * d + i]! *= Math.sqrt(variance);
  return workspace.eigenvalues(weights).slice();
}

const two = Float64Array.from({ length: N }, (_, n) => (n < 48 ? 3 : 1));
const stream = (label: string, r = 0) => randomStream('stated bulk test', label, r);

function fitterOf(
  weights: Float64Array,
  more: { tables?: Map<string, NullTable>; replicates?: number; level?: number } = {},
): StatedFitter {
  return statedFitter(
    {
      weights: discreteMeasure(weights),
      dimension: d,
      samples: N,
      key: Array.from(new Set(weights)).join(),
      signs: signsOf(weights),
      draw: (seed, r) => drawn(randomStream(seed, 'nulls', r), weights),
    },
    { level: 0.05, seed: 'stated bulk test', tolerance: 1e-12, ...more },
  );
}

function found(fit: BulkFit) {
  if (fit.status !== 'bulk') throw new Error(fit.reason);
  return fit;
}

describe('weights 3 and 1, given', () => {
  let fitter: StatedFitter;
  beforeAll(() => {
    fitter = fitterOf(two);
  });
  test('draws of the law: each test rejects 1 in 20, the interval covers, the scale has no bias', () => {
    const fits = Array.from({ length: 300 }, (_, r) => fitter.fit([drawn(stream('data', r), two)]));
    // Binomial(300, 1/20): mean 15, standard deviation 3.8, and 4.6 of the table of 199: outside 0 … 40 below 1e-4.
    for (const name of ['largest', 'smallest', 'shape'] as const) {
      const rejected = fits.filter(({ tests }) => tests![name] <= 0.05).length;
      expect(rejected).toBeGreaterThan(0);
      expect(rejected).toBeLessThan(40);
    }
    const kept = fits.flatMap((fit) => (fit.status === 'bulk' ? [fit] : []));
    const covered = kept.filter(({ varianceInterval: [low, high] = [0, 0] }) => low <= 1 && high >= 1).length;
    expect(covered / kept.length).toBeGreaterThan(0.88);
    const mean = kept.reduce((sum, { variance }) => sum + variance / kept.length, 0);
    // In standard deviations of the best estimate: error 1.3 √(1/300 + 1/199) = 0.12.
    expect(Math.abs(mean - 1) / Math.sqrt(2 / (d * N))).toBeLessThan(0.45);
  });
  test('three directions of variance 30, two of 1/50: counted, and their strengths found', () => {
    const strict = fitterOf(two, { level: 0.01 });
    const fits = [0, 1, 2, 3].map((r) => found(strict.fit([drawn(stream('above', r), two, 3, 30).map((x) => 5 * x)])));
    // One too many in any of them with chance 0.04; two with 0.001.
    expect(fits.filter(({ above }) => above.length === 3).length).toBeGreaterThanOrEqual(3);
    const strengths = fits.flatMap(({ above }) => above.slice(0, 3).map(({ strength }) => strength));
    // Each has a relative standard deviation of √(2/N) √(E a²)/E a = 0.15.
    expect(strengths.reduce((a, b) => a + b) / strengths.length / 30).toBeCloseTo(1, 0.7);
    for (const { variance } of fits) expect(Math.abs(variance / 5 - 1)).toBeLessThan(0.1);
    const below = [0, 1, 2, 3].map((r) => found(strict.fit([drawn(stream('below', r), two, 2, 0.02)])).below.length);
    expect(below.filter((count) => count === 2).length).toBeGreaterThanOrEqual(3);
  });
  test('spectra of other weights, of another N, or correlated are not of the law', () => {
    const equal = new Float64Array(N).fill(1.8);
    expect(fitter.fit([drawn(stream('equal'), equal)]).status).toBe('not this law');
    const heavy = Float64Array.from({ length: N }, (_, n) => (n % 10 === 0 ? 9 : 0.5));
    expect(fitter.fit([drawn(stream('heavy'), heavy)]).status).toBe('not this law');
    const fit = fitter.fit([
      drawn(
        stream('negative'),
        two.map((weight, n) => (n < 70 ? weight : -weight)),
      ),
    ]);
    expect(fit.status === 'bulk' ? '' : fit.reason).toMatch(
      /eigenvalues are positive beyond rounding .*, and the weights make 60/,
    );
  });
  test('in any units, and with all signs turned round, the same is found', () => {
    const values = drawn(stream('units'), two, 3, 30);
    const fit = found(fitter.fit([values]));
    const scaled = found(fitter.fit([values.map((value) => 1024 * value)]));
    expect(scaled).toEqual({
      ...fit,
      variance: 1024 * fit.variance,
      varianceInterval: fit.varianceInterval!.map((bound) => 1024 * bound),
      edges: fit.edges.map((edge) => 1024 * edge),
      above: fit.above.map(({ eigenvalue, strength }) => ({ eigenvalue: 1024 * eigenvalue, strength })),
    });
    const turned = found(fitterOf(two.map((weight) => -weight)).fit([values.map((value) => 0 - value).sort()]));
    expect(turned.variance / fit.variance).toBeCloseTo(1, 9);
    expect(turned.above).toEqual([]);
    expect(turned.below.map(({ strength }) => strength.toFixed(5))).toEqual(
      fit.above.map(({ strength }) => strength.toFixed(5)),
    );
    expect(turned.tests).toMatchObject({ largest: fit.tests.smallest, smallest: fit.tests.largest });
  });
  test('draws are kept in tables, which belong to the law', () => {
    const tables = new Map<string, NullTable>();
    const values = drawn(stream('tables'), two);
    const [first, second, third] = [two, two, two.map((weight) => 2 * weight)].map((weights) =>
      found(fitterOf(weights, { tables, replicates: 99 }).fit([values])),
    );
    expect([first, second, third].map((fit) => fit!.nullFromTable)).toEqual([false, true, false]);
    expect({ ...second, nullFromTable: false }).toEqual(first);
  });
});

test('weights of both signs: a large variance is seen at both ends, the scale is found', () => {
  const weights = Float64Array.from({ length: N }, (_, n) => (n % 2 === 0 ? 2 : -1));
  const fitter = fitterOf(weights, { level: 0.01 });
  const fits = [0, 1, 2, 3, 4, 5].map((r) => found(fitter.fit([drawn(stream('signed', r), weights, 2, 40)])));
  expect(fits.filter(({ above }) => above.length === 2).length).toBeGreaterThanOrEqual(5);
  const mean = fits.reduce((sum, { variance }) => sum + variance / 6, 0);
  // 1.8 best standard deviations each, √(2/(dN)) = 0.017.
  expect(Math.abs(mean - 1)).toBeLessThan(0.06);
  expect(fitter.fit([drawn(stream('unsigned'), weights.map(Math.abs))]).status).toBe('not this law');
});

test('refused: too few eigenvalues, too few draws, a level out of range', () => {
  expect(() => fitterOf(two).fit([new Float64Array(d).map((_, i) => (i < 50 ? 0 : 1))])).toThrow(
    /at least 20 eigenvalues that are not zero to be fitted, got 10\. Leave --fit scale out/,
  );
  expect(() => fitterOf(two, { replicates: 19 })).toThrow(UsageError);
  expect(() => fitterOf(two, { replicates: 19 })).toThrow(/at least 99 draws of the law, got 19/);
});
