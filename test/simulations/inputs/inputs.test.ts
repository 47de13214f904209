import { describe, expect, test } from '@jest/globals';
import type { Workspace } from '../../../simulations/contracts.js';
import {
  choleskyFactor,
  inputSampler,
  standardiseColumns,
  clusterLabels,
  type InputDistribution,
} from '../../../simulations/inputs/index.js';
import { gammaVariate } from '../../../simulations/inputs/gammaVariate.js';
import { randomStream } from '../../../simulations/random/index.js';
import { UsageError } from '../../../theory/errors.js';

const SEED = 'inputs';
/** Five standard errors a check, about 140 checks in this file: a false alarm in fewer than one seed out of 10 000. */
const DEVIATIONS = 5;

function draw(distribution: InputDistribution, dimension: number, samples: number, replicate = 0): Float64Array {
  const inputs = new Float64Array(dimension * samples);
  const workspace = {
    dimension,
    samples,
    inputs,
    drawInputs: (stream) => stream.fillNormals(inputs),
  } as Partial<Workspace> as Workspace;
  inputSampler(distribution, dimension)(workspace, randomStream(SEED, distribution.kind, replicate));
  return inputs;
}

/** Mean of a product of two columns, with its own standard error. */
function moment(
  rows: Float64Array,
  dimension: number,
  f: (row: Float64Array) => number,
): { mean: number; error: number } {
  const samples = rows.length / dimension;
  let sum = 0;
  let squares = 0;
  for (let n = 0; n < samples; n++) {
    const value = f(rows.subarray(n * dimension, (n + 1) * dimension));
    sum += value;
    squares += value * value;
  }
  const mean = sum / samples;
  return { mean, error: Math.sqrt((squares / samples - mean * mean) / samples) };
}

function expectMean(rows: Float64Array, dimension: number, f: (row: Float64Array) => number, expected: number) {
  const { mean, error } = moment(rows, dimension, f);
  expect(Math.abs(mean - expected)).toBeLessThan(DEVIATIONS * error + 1e-12);
}

const SIGMA = Float64Array.of(2, 0.5, -0.3, 0.5, 1, 0.2, -0.3, 0.2, 0.7);

describe(`first and second moments (seed ${SEED})`, () => {
  const identity = (i: number, j: number) => (i === j ? 1 : 0);
  const cases: [string, InputDistribution, (i: number, j: number) => number][] = [
    ['gaussian', { kind: 'gaussian' }, identity],
    ['toeplitz', { kind: 'toeplitz', correlation: -0.6 }, (i, j) => (-0.6) ** Math.abs(i - j)],
    ['covariance', { kind: 'covariance', matrix: SIGMA }, (i, j) => SIGMA[3 * i + j]!],
    ['student, independent', { kind: 'student', degrees: 9, radius: 'independent' }, identity],
    ['student, shared', { kind: 'student', degrees: 9, radius: 'shared' }, identity],
    ['lognormal radius', { kind: 'lognormal', spread: 0.3 }, identity],
    ['sphere', { kind: 'sphere' }, identity],
    ['rademacher', { kind: 'rademacher' }, identity],
  ];
  test.each(cases)('%s', (_name, distribution, covariance) => {
    const rows = draw(distribution, 3, 40000);
    for (let i = 0; i < 3; i++) {
      expectMean(rows, 3, (row) => row[i]!, 0);
      for (let j = 0; j <= i; j++) expectMean(rows, 3, (row) => row[i]! * row[j]!, covariance(i, j));
    }
  });
  test('a wrong covariance is noticed', () => {
    const { mean, error } = moment(
      draw({ kind: 'toeplitz', correlation: 0.6 }, 3, 40000),
      3,
      (row) => row[0]! * row[2]!,
    );
    expect(Math.abs(mean - 0.3)).toBeGreaterThan(DEVIATIONS * error);
  });
});

describe('higher structure', () => {
  test('student: kurtosis 3(ν−2)/(ν−4), shared radius couples the squares of the coordinates', () => {
    const degrees = 20;
    const kurtosis = (3 * (degrees - 2)) / (degrees - 4);
    const independent = draw({ kind: 'student', degrees, radius: 'independent' }, 2, 60000);
    expectMean(independent, 2, (row) => row[0]! ** 4, kurtosis);
    expectMean(independent, 2, (row) => row[0]! ** 2 * row[1]! ** 2, 1);
    const shared = draw({ kind: 'student', degrees, radius: 'shared' }, 2, 60000);
    expectMean(shared, 2, (row) => row[0]! ** 4, kurtosis);
    expectMean(shared, 2, (row) => row[0]! ** 2 * row[1]! ** 2, kurtosis / 3);
  });
  test('lognormal radius: E radius⁴ = e^{4s²} in the fourth moments, which couple the coordinates', () => {
    // radius = e^{sg − s²}, g standard normal: E radius^4 = e^{8s² − 4s²}.
    const spread = 0.2;
    const fourth = Math.exp(4 * spread * spread);
    const rows = draw({ kind: 'lognormal', spread }, 2, 60000);
    expectMean(rows, 2, (row) => row[0]! ** 4, 3 * fourth);
    expectMean(rows, 2, (row) => row[0]! ** 2 * row[1]! ** 2, fourth);
  });
  test('sphere: every input has length √d exactly; fourth moment 3d/(d+2)', () => {
    const rows = draw({ kind: 'sphere' }, 5, 20000);
    for (let n = 0; n < 100; n++) expect(Math.hypot(...rows.subarray(5 * n, 5 * n + 5))).toBeCloseTo(Math.sqrt(5), 12);
    expectMean(rows, 5, (row) => row[0]! ** 4, 15 / 7);
  });
  test('rademacher: only ±1', () => {
    expect(draw({ kind: 'rademacher' }, 4, 100).every((x) => x === 1 || x === -1)).toBe(true);
  });
  test('mixture: total variance d + separation², at most `components` centres', () => {
    const rows = draw({ kind: 'mixture', components: 3, separation: 60 }, 4, 6000);
    expectMean(rows, 4, (row) => row.reduce((sum, x) => sum + x * x, 0), 4 + 3600);
    // Centres are 60 from the origin and noise is 2 in length: inputs fall into exactly three groups.
    const groups: Float64Array[] = [];
    for (let n = 0; n < 6000; n++) {
      const row = rows.subarray(4 * n, 4 * n + 4);
      if (!groups.some((g) => Math.hypot(...row.map((x, i) => x - g[i]!)) < 15)) groups.push(row);
    }
    expect(groups).toHaveLength(3);
  });
  describe('clusters', () => {
    const of = (components: number, noise: number, standardise: boolean): InputDistribution => ({
      ...{ kind: 'clusters', components, noise, standardise },
    });
    /** One sample in each of 1000 clusters, of 40 draws: inputs that are independent, centres and all. */
    const independent = (distribution: InputDistribution): Float64Array => {
      const rows = new Float64Array(40 * 3000);
      for (let replicate = 0; replicate < 40; replicate++)
        rows.set(draw(distribution, 3, 1000, replicate), replicate * 3000);
      return rows;
    };

    test('mean 0 and covariance (1/d + noise²) I over draws of the centres; standardised the identity', () => {
      for (const [standardise, variance] of [
        [false, 1 / 3 + 0.4 ** 2],
        [true, 1],
      ] as const) {
        const rows = independent(of(1000, 0.4, standardise));
        for (let i = 0; i < 3; i++) {
          expectMean(rows, 3, (row) => row[i]!, 0);
          for (let j = 0; j <= i; j++) expectMean(rows, 3, (row) => row[i]! * row[j]!, i === j ? variance : 0);
        }
      }
    });
    test('a variance without that of the centres is noticed', () => {
      const { mean, error } = moment(independent(of(1000, 0.4, false)), 3, (row) => row[0]! ** 2);
      expect(Math.abs(mean - 0.4 ** 2)).toBeGreaterThan(DEVIATIONS * error);
    });
    test('centres have length 1, noise² is the variance about them, and sample n is of cluster n mod K', () => {
      const centres = draw(of(5, 0, false), 4, 12);
      for (let n = 0; n < 12; n++) expect(Math.hypot(...centres.subarray(4 * n, 4 * n + 4))).toBeCloseTo(1, 12);
      expect(centres.subarray(20, 40)).toEqual(centres.subarray(0, 20));
      expect(new Set(centres.subarray(0, 20)).size).toBe(20);
      // The same stream gives the same centres whatever the noise.
      const rows = draw(of(5, 0.3, false), 4, 20000);
      const about = rows.map((x, k) => x - centres[k % 20]!);
      for (let i = 0; i < 4; i++) {
        expectMean(about, 4, (row) => row[i]!, 0);
        for (let j = 0; j <= i; j++) expectMean(about, 4, (row) => row[i]! * row[j]!, i === j ? 0.3 ** 2 : 0);
      }
    });
    test('labels: neighbouring clusters make a class, as many for each', () => {
      expect([...clusterLabels(8, 6, 3)]).toEqual([0, 0, 1, 1, 2, 2, 0, 0]);
      expect([...clusterLabels(5, 5, 3)]).toEqual([0, 0, 1, 1, 2]);
    });
  });
  test('gammaVariate: mean and variance are the shape, third central moment twice it', () => {
    const stream = randomStream(SEED, 'gamma', 0);
    for (const shape of [1, 2.5, 40]) {
      const values = Float64Array.from({ length: 40000 }, () => gammaVariate(stream, shape));
      expectMean(values, 1, ([g]) => g!, shape);
      expectMean(values, 1, ([g]) => (g! - shape) ** 2, shape);
      expectMean(values, 1, ([g]) => (g! - shape) ** 3, 2 * shape);
    }
  });
  test('the same stream gives the same inputs, another replicate others', () => {
    const distribution: InputDistribution = { kind: 'student', degrees: 3, radius: 'shared' };
    expect(draw(distribution, 3, 50)).toEqual(draw(distribution, 3, 50));
    expect(draw(distribution, 3, 50)).not.toEqual(draw(distribution, 3, 50, 1));
  });
});

describe('data', () => {
  const rows = Float64Array.from({ length: 40 }, (_, i) => i);
  test('rows are chosen without replacement, unchanged', () => {
    const inputs = draw({ kind: 'data', rows, count: 10, standardise: false }, 4, 10);
    const firsts = Array.from({ length: 10 }, (_, n) => inputs[4 * n]!);
    expect([...firsts].sort((a, b) => a - b)).toEqual([0, 4, 8, 12, 16, 20, 24, 28, 32, 36]);
    expect(firsts).not.toEqual([0, 4, 8, 12, 16, 20, 24, 28, 32, 36]);
    for (let n = 0; n < 10; n++)
      expect(Array.from(inputs.subarray(4 * n, 4 * n + 4))).toEqual([0, 1, 2, 3].map((k) => firsts[n]! + k));
  });
  test('standardised columns have mean 0 and variance 1; a constant one becomes 0', () => {
    const table = Float64Array.of(1, 7.1, 3, 7.1, 8, 7.1);
    const out = standardiseColumns(table, 3, 2);
    const column = [out[0]!, out[2]!, out[4]!];
    expect(column.reduce((a, b) => a + b)).toBeCloseTo(0, 14);
    expect(column.reduce((a, b) => a + b * b, 0) / 3).toBeCloseTo(1, 14);
    expect([out[1], out[3], out[5]]).toEqual([0, 0, 0]);
  });
  test.each([
    [{ kind: 'data', rows, count: 10, standardise: false }, 5, 2, /Set d to 4/],
    [
      { kind: 'data', rows, count: 10, standardise: false },
      4,
      11,
      /N = 11 samples are needed but the data has 10 rows/,
    ],
    [{ kind: 'data', rows: Float64Array.of(1, NaN), count: 1, standardise: true }, 2, 1, /row 0, column 1 is NaN/],
    [{ kind: 'student', degrees: 2, radius: 'shared' }, 2, 1, /degrees must be .* above 2/],
    [{ kind: 'lognormal', spread: 0 }, 2, 1, /spread must be above 0/],
    [{ kind: 'toeplitz', correlation: 1 }, 2, 1, /correlation must be strictly between/],
    [{ kind: 'mixture', components: 1.5, separation: 1 }, 2, 1, /components must be a whole number/],
    [{ kind: 'mixture', components: 2, separation: -1 }, 2, 1, /separation must be/],
    [{ kind: 'clusters', components: 2, noise: -1, standardise: false }, 2, 1, /noise must be a finite number/],
    [{ kind: 'covariance', matrix: SIGMA }, 2, 1, /covariance must be 2 by 2/],
  ] as [InputDistribution, number, number, RegExp][])('refused: %#', (distribution, dimension, samples, message) => {
    expect(() => draw(distribution, dimension, samples)).toThrow(UsageError);
    expect(() => draw(distribution, dimension, samples)).toThrow(message);
  });
});

describe('choleskyFactor', () => {
  const times = (l: Float64Array, n: number) =>
    Float64Array.from({ length: n * n }, (_, k) => {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += l[Math.floor(k / n) * n + j]! * l[(k % n) * n + j]!;
      return sum;
    });
  test('L Lᵀ is the matrix, also when it is singular', () => {
    const singular = Float64Array.of(1, 2, 3, 2, 4, 6, 3, 6, 10);
    for (const matrix of [SIGMA, singular, new Float64Array(9)]) {
      times(choleskyFactor(matrix, 3), 3).forEach((value, k) => expect(value).toBeCloseTo(matrix[k]!, 14));
    }
  });
  test.each([
    [Float64Array.of(1, 2, 2, 1), /not \(pivot -3\.00\)/],
    [Float64Array.of(0, 1, 1, 0), /no variance left/],
    [Float64Array.of(1, 0.1, 0.2, 1), /must be symmetric/],
    [Float64Array.of(1, NaN, NaN, 1), /finite numbers only/],
  ])('refuses %#', (matrix, message) => {
    expect(() => choleskyFactor(matrix, 2)).toThrow(message);
  });
});
