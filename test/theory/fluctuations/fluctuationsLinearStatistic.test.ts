import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { NumericalError, UsageError } from '../../../theory/errors.js';
import { chebyshevSeries } from '../../../theory/numerics/chebyshevSeries.js';
import { linearStatisticCovariance, linearStatisticFluctuation } from '../../../theory/fluctuations/linearStatistic.js';
import { traceMoments } from '../../../theory/fluctuations/traceMoments.js';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/generalisedMarchenkoPastur.js';
import { discreteMeasure } from '../../../theory/measures/discreteMeasure.js';

const lawOf = (values: readonly number[], masses: readonly number[], aspectRatio: number) =>
  generalisedMarchenkoPastur(discreteMeasure(values, masses), aspectRatio);
const POWERS = [1, 2, 3, 4].map((k) => (x: number) => x ** k);

describe('linearStatisticFluctuation', () => {
  test('white weights: the closed forms of Bai and Silverstein for x and x²', () => {
    for (const y of [0.2, 2]) {
      const law = lawOf([1], [1], y);
      const sizes = { law, dimension: 100 * y, samples: 100 };
      const trace = linearStatisticFluctuation({ ...sizes, f: (x) => x });
      expect(trace.centre).toBeCloseTo(100 * y, 9);
      expect(trace.meanShift).toBeCloseTo(0, 10);
      expect(trace.variance / (2 * y)).toBeCloseTo(1, 12);
      const square = linearStatisticFluctuation({ ...sizes, f: (x) => x * x });
      expect(square.meanShift / y).toBeCloseTo(1, 10);
      expect(square.variance / (4 * y * (2 + 5 * y + 2 * y * y))).toBeCloseTo(1, 10);
      expect(square.weightVariance).toBeCloseTo(0, 10);
    }
  });

  test('white weights: the variance of the log determinant is −2 log(1 − y), its mean shift ½ log(1 − y)', () => {
    // Bai and Silverstein 2004, example (real case); log has its singularity outside the support for y < 1.
    for (const y of [0.3, 0.7]) {
      const { centre, meanShift, variance } = linearStatisticFluctuation({
        law: lawOf([1], [1], y),
        dimension: 100 * y,
        samples: 100,
        f: Math.log,
      });
      expect(variance).toBeCloseTo(-2 * Math.log(1 - y), 12);
      expect(meanShift).toBeCloseTo(0.5 * Math.log(1 - y), 12);
      expect(centre / (100 * y)).toBeCloseTo(((y - 1) / y) * Math.log(1 - y) - 1, 12);
    }
  });

  test.each([
    ['signed', [-1, 1, 2], [0.3, 0.5, 0.2]],
    ['signed with zeros', [-2, 0, 1], [0.2, 0.5, 0.3]],
    ['positive', [0.5, 2], [0.5, 0.5]],
  ] as const)(
    '%s weights: powers are the limit of the exact finite moments, with an error that falls like 1/d',
    (_, values, masses) => {
      const aspectRatio = 0.4;
      const law = lawOf(values, masses, aspectRatio);
      const [small, large] = [200, 400].map((dimension) => {
        const samples = dimension / aspectRatio;
        const weights = values.flatMap((value, i) => new Array<number>(Math.round(samples * masses[i]!)).fill(value));
        const exact = traceMoments({ weights, dimension });
        const limit = linearStatisticCovariance({ law, dimension, samples, functions: POWERS });
        return {
          mean: exact.mean.map((value, k) => value - limit.centres[k]! - limit.meanShifts[k]!),
          covariance: exact.covariance.map((row, j) => row.map((value, k) => value - limit.covariance[j]![k]!)),
          scale: exact.covariance.map((_, k) => Math.sqrt(exact.covariance[k]![k]!)),
        };
      });
      for (let j = 0; j < 4; j++) {
        expect(Math.abs(large!.mean[j]!)).toBeLessThan(0.02 * large!.scale[j]!);
        if (Math.abs(small!.mean[j]!) > 1e-6 * small!.scale[j]!)
          expect(large!.mean[j]! / small!.mean[j]!).toBeCloseTo(0.5, 1);
        for (let k = 0; k < 4; k++) {
          const size = large!.scale[j]! * large!.scale[k]!;
          expect(Math.abs(large!.covariance[j]![k]!)).toBeLessThan(0.03 * size);
          if (Math.abs(small!.covariance[j]![k]!) > 1e-4 * size) {
            expect(large!.covariance[j]![k]! / small!.covariance[j]![k]!).toBeCloseTo(0.5, 1);
          }
        }
      }
    },
  );

  test('drawing the weights adds N γ² Var(a) to tr H, and to tr H² the variance of its derivative in the weight law', () => {
    const [values, masses, aspectRatio] = [[-1, 1, 2], [0.3, 0.5, 0.2], 0.5] as const;
    const moment = (k: number) => values.reduce((sum, a, i) => sum + masses[i]! * a ** k, 0);
    const { weightCovariance } = linearStatisticCovariance({
      law: lawOf(values, masses, aspectRatio),
      dimension: 100,
      samples: 200,
      functions: POWERS.slice(0, 2),
    });
    expect(weightCovariance[0]![0]).toBeCloseTo(200 * aspectRatio ** 2 * (moment(2) - moment(1) ** 2), 8);
    // d (γ E a² + (E a)²): φ(a) = γ (γ a² + 2 E[a] a) up to a constant.
    const phi = (a: number) => aspectRatio * (aspectRatio * a * a + 2 * moment(1) * a);
    const mean = values.reduce((sum, a, i) => sum + masses[i]! * phi(a), 0);
    expect(weightCovariance[1]![1]).toBeCloseTo(
      200 * values.reduce((sum, a, i) => sum + masses[i]! * (phi(a) - mean) ** 2, 0),
      7,
    );
  });

  test('agrees with NumPy draws for log(1 + x²) and exp(−x), signed and positive weights; a wrong weight law does not', () => {
    const { statistics } = JSON.parse(
      readFileSync(new URL('../../fixtures/numpy/edgesFluctuations.json', import.meta.url), 'utf8'),
    ) as {
      statistics: {
        values: number[];
        parts: number[];
        dimension: number;
        draws: number;
        mean: number[];
        covariance: number[][];
        covarianceError: number[][];
      }[];
    };
    const functions = [(x: number) => Math.log1p(x * x), (x: number) => Math.exp(-x)];
    for (const { values, parts, dimension, draws, mean, covariance, covarianceError } of statistics) {
      const scores = (shares: readonly number[]) => {
        const limit = linearStatisticCovariance({
          law: lawOf(values, shares, 0.5),
          dimension,
          samples: 2 * dimension,
          functions,
        });
        return {
          mean: mean.map(
            (value, k) =>
              Math.abs(value - limit.centres[k]! - limit.meanShifts[k]!) / Math.sqrt(limit.covariance[k]![k]!),
          ),
          covariance: covariance.flatMap((row, j) =>
            row.map(
              (value, k) =>
                Math.max(
                  0,
                  Math.abs(value - limit.covariance[j]![k]!) -
                    (2 / dimension) * Math.sqrt(covariance[j]![j]! * covariance[k]![k]!),
                ) / covarianceError[j]![k]!,
            ),
          ),
        };
      };
      const right = scores(parts.map((part) => part / 10));
      // The mean over 5000 draws has standard error 0.014 deviations; 5 of them, plus a bias of order 1/d.
      for (const score of right.mean) expect(score).toBeLessThan(5 / Math.sqrt(draws) + 1 / dimension);
      // A bias of 2/d is allowed for, then 5 standard errors.
      for (const score of right.covariance) expect(score).toBeLessThan(5);
      const wrong = scores(parts.map((part, k) => (part + (k === 0 ? 0.3 : k === 1 ? -0.3 : 0)) / 10));
      expect(Math.max(...wrong.mean)).toBeGreaterThan(0.3);
    }
  });

  test('refuses sizes of another aspect ratio and functions it cannot continue', () => {
    const law = lawOf([1], [1], 0.5);
    expect(() => linearStatisticFluctuation({ law, dimension: 100, samples: 100, f: (x) => x })).toThrow(UsageError);
    expect(() => linearStatisticFluctuation({ law, dimension: 50, samples: 100, f: (x) => Math.abs(x - 1) })).toThrow(
      NumericalError,
    );
    expect(() => linearStatisticFluctuation({ law, dimension: 50, samples: 100, f: () => Number.NaN })).toThrow(
      /finite/,
    );
  });
});

describe('chebyshevSeries', () => {
  test('of e^x on [−1, 1]: c_k = 2 I_k(1), by the power series of the Bessel function', () => {
    const series = chebyshevSeries(Math.exp, -1, 1);
    let bessel = 0;
    let term = 1 / 8;
    for (let j = 0; j < 20; j++) {
      if (j === 0) term = 0.5 ** 3 / 6;
      bessel += term;
      term *= 0.25 / ((j + 1) * (j + 4));
    }
    expect(series[3]).toBeCloseTo(2 * bessel, 14);
  });
});
