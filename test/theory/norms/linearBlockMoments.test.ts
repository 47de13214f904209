import { describe, expect, test } from '@jest/globals';
import { linearBlockMoments } from '../../../theory/norms/index.js';
import { softmaxMoment } from '../../../theory/weights/index.js';

/** ρ = |x|²/d = χ²_d/d by the trapezoidal rule in log ρ, far finer than the rule of the formula; sums to 1. */
function radii(dimension: number): { at: number; mass: number }[] {
  const step = 0.2 * Math.sqrt(2 / dimension);
  const nodes = Array.from({ length: 71 }, (_, k) => {
    const logarithm = (k - 35) * step;
    return { at: Math.exp(logarithm), mass: Math.exp((dimension / 2) * (logarithm - Math.expm1(logarithm))) };
  });
  const total = nodes.reduce((sum, { mass }) => sum + mass, 0);
  return nodes.filter(({ mass }) => mass > 1e-13 * total).map(({ at, mass }) => ({ at, mass: mass / total }));
}

/** E f(g) over a standard normal g, by the trapezoidal rule to rounding. */
function normalMean(f: (g: number) => number): number {
  let sum = 0;
  for (let k = -180; k <= 180; k++) sum += f(0.05 * k) * Math.exp(-0.5 * (0.05 * k) ** 2);
  return (0.05 * sum) / Math.sqrt(2 * Math.PI);
}

/**
 * (1/d) E‖H‖² for two classes, where the weight depends on x through w·x alone, w the difference of the two rows of V:
 * a = 1/(4 cosh²(w·x/2)), |w|² = 2 s² χ²_d/d. Given w, E a x xᵀ = α I + β ŵ ŵᵀ with α = E a and β = E a (g² − 1).
 */
function exactForTwoClasses(logitVariance: number, dimension: number, samples: number): number {
  const weight = (g: number, factor: number): number => 1 / (4 * Math.cosh(0.5 * Math.sqrt(factor) * g) ** 2);
  let [sampling, mean] = [0, 0];
  for (const { at, mass } of radii(dimension)) {
    const factor = 2 * logitVariance * at;
    sampling += mass * at ** 2 * normalMean((g) => weight(g, factor) ** 2);
    const alpha = normalMean((g) => weight(g, factor));
    const beta = normalMean((g) => weight(g, factor) * (g * g - 1));
    mean += mass * (alpha ** 2 + (2 * alpha * beta + beta ** 2) / dimension);
  }
  return (dimension / samples) * sampling + (1 - 1 / samples) * mean;
}

describe('norm of a linear block at finite d', () => {
  for (const block of ['diagonal', 'off-diagonal'] as const) {
    for (const [logitVariance, samplesPerDimension] of [
      [1, 2],
      [0.5, 2],
      [1, 100],
    ] as const) {
      // The remainder is O(d^{-2}): four times smaller at twice the dimension. A term of order 1/d that is wrong makes
      // it two times smaller, a wrong leading term leaves it as it is.
      test(`two classes, ${block}, s² = ${logitVariance}, N = ${samplesPerDimension} d: the remainder falls like d⁻²`, () => {
        const remainders = [64, 128, 256].map((dimension) => {
          const samples = samplesPerDimension * dimension;
          const exact = exactForTwoClasses(logitVariance, dimension, samples);
          const { normalisedSquaredNorm } = linearBlockMoments({
            classes: 2,
            logitVariance,
            dimension,
            samples,
            block,
          });
          return normalisedSquaredNorm / exact - 1;
        }) as [number, number, number];
        expect(Math.abs(remainders[0])).toBeLessThan(5e-4);
        expect(remainders[0] / remainders[1]).toBeGreaterThan(3.7);
        expect(remainders[0] / remainders[1]).toBeLessThan(4.3);
        expect(remainders[1] / remainders[2]).toBeGreaterThan(3.7);
        expect(remainders[1] / remainders[2]).toBeLessThan(4.3);
      });
    }
  }

  test('E a and E a² of p(1 − p) are E p − E p² and E p² − 2 E p³ + E p⁴ over the radius, C = 7', () => {
    const [classes, dimension] = [7, 100];
    const { weightMean, weightMeanSquare } = linearBlockMoments({
      classes,
      logitVariance: 1,
      dimension,
      samples: 200,
      block: 'diagonal',
    });
    let [mean, square] = [0, 0];
    for (const { at, mass } of radii(dimension)) {
      const moment = (order: number): number => softmaxMoment({ classes, logitVariance: at, exponents: [order] });
      mean += mass * (1 / classes - moment(2));
      square += mass * (moment(2) - 2 * moment(3) + moment(4));
    }
    // Both rules and the moments are good to 1e-9; C − 1 for C − 2 in E a² is 17 % off.
    expect(Math.abs(weightMean / mean - 1)).toBeLessThan(1e-8);
    expect(Math.abs(weightMeanSquare / square - 1)).toBeLessThan(1e-8);
  });
});
