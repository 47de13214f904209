import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import { traceMoments } from '../../../theory/fluctuations/traceMoments.js';

const SIGNED = [0.7, -1.3, 2.1, 0.4, -0.2];
const powerSum = (weights: readonly number[], k: number) => weights.reduce((sum, a) => sum + a ** k, 0);

function expectClose(actual: number, expected: number, relative = 1e-12) {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(relative * Math.abs(expected));
}

/** Moments from cumulants: M_n = Σ_j binom(n−1, j−1) κ_j M_{n−j}. */
function momentsFromCumulants(cumulants: readonly number[]): number[] {
  const moments = [1];
  for (let n = 1; n < cumulants.length; n++) {
    let sum = 0;
    let binomial = 1;
    for (let j = 1; j <= n; j++) {
      sum += binomial * cumulants[j]! * moments[n - j]!;
      binomial = (binomial * (n - j)) / j;
    }
    moments.push(sum);
  }
  return moments;
}

describe('traceMoments', () => {
  test('tr H and tr H² equal the formulas derived by hand', () => {
    const dimension = 3;
    const samples = SIGNED.length;
    const [p1, p2, p3] = [1, 2, 3].map((k) => powerSum(SIGNED, k)) as [number, number, number];
    const { mean, covariance } = traceMoments({ weights: SIGNED, dimension, maximumPower: 2 });
    expectClose(mean[0]!, (dimension * p1) / samples);
    expectClose(mean[1]!, (dimension * p1 ** 2 + dimension * (dimension + 1) * p2) / samples ** 2);
    expectClose(covariance[0]![0]!, (2 * dimension * p2) / samples ** 2);
    // Tilting the Gaussian law by e^(t tr H) turns a_n into a_n / (1 − 2 t a_n / N): the covariance is the derivative
    // of E tr H² at t = 0.
    expectClose(covariance[0]![1]!, (4 * dimension * p1 * p2 + 4 * dimension * (dimension + 1) * p3) / samples ** 3);
  });

  test('d = 1: powers of a weighted sum of χ², whose cumulants are 2^(k−1) (k−1)! p_k', () => {
    const samples = SIGNED.length;
    const cumulants = [0];
    let factor = 1;
    for (let k = 1; k <= 10; k++) {
      cumulants.push((factor * powerSum(SIGNED, k)) / samples ** k);
      factor *= 2 * k;
    }
    const moments = momentsFromCumulants(cumulants);
    const { mean, covariance } = traceMoments({ weights: SIGNED, dimension: 1, maximumPower: 5 });
    for (let j = 1; j <= 5; j++) {
      expectClose(mean[j - 1]!, moments[j]!);
      for (let k = 1; k <= 5; k++) {
        expectClose(covariance[j - 1]![k - 1]!, moments[j + k]! - moments[j]! * moments[k]!, 1e-11);
      }
    }
  });

  test('one sample: tr H^k = a^k |x|^(2k), moments of χ² with d degrees of freedom', () => {
    const dimension = 7;
    const weight = -1.7;
    const risingMoment = (k: number) => {
      let product = 1;
      for (let i = 0; i < k; i++) product *= dimension + 2 * i;
      return product * weight ** k;
    };
    const { mean, covariance } = traceMoments({ weights: [weight], dimension, maximumPower: 4 });
    for (let j = 1; j <= 4; j++) {
      expectClose(mean[j - 1]!, risingMoment(j));
      for (let k = 1; k <= 4; k++) {
        expectClose(covariance[j - 1]![k - 1]!, risingMoment(j + k) - risingMoment(j) * risingMoment(k), 1e-12);
      }
    }
  });

  test('equal weights: N^k tr H^k has the same law when d and N change places', () => {
    const ones = (n: number) => new Array<number>(n).fill(1);
    const wide = traceMoments({ weights: ones(4), dimension: 9 });
    const tall = traceMoments({ weights: ones(9), dimension: 4 });
    for (let j = 1; j <= 4; j++) {
      expectClose(wide.mean[j - 1]! * 4 ** j, tall.mean[j - 1]! * 9 ** j);
      for (let k = 1; k <= 4; k++) {
        expectClose(wide.covariance[j - 1]![k - 1]! * 4 ** (j + k), tall.covariance[j - 1]![k - 1]! * 9 ** (j + k));
      }
    }
  });

  test('white weights: variance 2y of tr H and mean shift y, variance 4y(2 + 5y + 2y²) of tr H² in the limit', () => {
    // Bai and Silverstein 2004, closed forms of their real case for x and x².
    const y = 0.5;
    const errors = [200, 400].map((dimension) => {
      const { mean, covariance } = traceMoments({ weights: new Float64Array(dimension / y).fill(1), dimension });
      const shift = mean[1]! - dimension * (1 + y);
      expectClose(covariance[0]![0]!, 2 * y);
      expectClose(shift, y, 1e-10);
      return covariance[1]![1]! / (4 * y * (2 + 5 * y + 2 * y * y)) - 1;
    });
    expect(Math.abs(errors[0]!)).toBeLessThan(0.02);
    expectClose(errors[1]! / errors[0]!, 0.5, 0.02);
  });

  test('scales as a power of the weights, far from 1 too', () => {
    const plain = traceMoments({ weights: SIGNED, dimension: 6 });
    const scaled = traceMoments({ weights: SIGNED.map((a) => a * 1e30), dimension: 6 });
    expectClose(scaled.mean[3]! / 1e120, plain.mean[3]!);
    expectClose(scaled.covariance[1]![3]! / 1e180, plain.covariance[1]![3]!);
    expect(traceMoments({ weights: [0, 0], dimension: 2 }).mean).toEqual([0, 0, 0, 0]);
  });

  test('refuses what it cannot use', () => {
    expect(() => traceMoments({ weights: [], dimension: 3 })).toThrow(UsageError);
    expect(() => traceMoments({ weights: [1, Number.NaN], dimension: 3 })).toThrow(/NaN at index 1/);
    expect(() => traceMoments({ weights: [1], dimension: 2.5 })).toThrow(/positive integer/);
    expect(() => traceMoments({ weights: [1], dimension: 2, maximumPower: 6 })).toThrow(/1 to 5/);
  });

  test('agrees with NumPy draws for general d, N, signed weights, and a wrong d or weight does not', () => {
    const fixture = JSON.parse(
      readFileSync(new URL('../../fixtures/numpy/edgesTraceMoments.json', import.meta.url), 'utf8'),
    ) as {
      weights: number[];
      dimension: number;
      replicates: number;
      mean: number[];
      covariance: number[][];
      covarianceError: number[][];
    };
    const zScores = (weights: number[], dimension: number) => {
      const { mean, covariance } = traceMoments({ weights, dimension });
      const scores: number[] = [];
      for (let j = 0; j < 4; j++) {
        scores.push((fixture.mean[j]! - mean[j]!) / Math.sqrt(covariance[j]![j]! / fixture.replicates));
        for (let k = 0; k <= j; k++) {
          scores.push((fixture.covariance[j]![k]! - covariance[j]![k]!) / fixture.covarianceError[j]![k]!);
        }
      }
      return scores.map(Math.abs);
    };
    // 14 z-scores: a true formula exceeds 5 with chance below 1e-5.
    expect(Math.max(...zScores(fixture.weights, fixture.dimension))).toBeLessThan(5);
    expect(Math.max(...zScores(fixture.weights, fixture.dimension + 1))).toBeGreaterThan(20);
    expect(
      Math.max(
        ...zScores(
          fixture.weights.map((a) => Math.abs(a)),
          fixture.dimension,
        ),
      ),
    ).toBeGreaterThan(20);
  });
});
