import { describe, expect, test } from '@jest/globals';
import { linearBlockMoments } from '../../../theory/norms/index.js';
import { softmaxMoment } from '../../../theory/weights/index.js';

/** ρ = |x|²/d = χ²_d/d by the trapezoidal rule in log ρ, finer than the rule of the formula (2 e^{−2π²/0.25}); sums to 1. */
function radii(dimension: number): { at: number; mass: number }[] {
  const step = 0.5 * Math.sqrt(2 / dimension);
  const nodes = Array.from({ length: 29 }, (_, k) => {
    const logarithm = (k - 14) * step;
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
  // The remainder is O(d^{-2}): four times smaller at twice the dimension. A term of order 1/d that is wrong makes it two
  // times smaller, a wrong leading term leaves it as it is.
  test.each([
    ['diagonal', 1, 100],
    ['off-diagonal', 0.5, 2],
  ] as const)(
    'two classes, %s, s² = %d, N = %d d: the remainder falls like d⁻²',
    (block, logitVariance, samplesPerDimension) => {
      const [near, far] = [64, 128].map((dimension) => {
        const samples = samplesPerDimension * dimension;
        const exact = exactForTwoClasses(logitVariance, dimension, samples);
        const options = { classes: 2, logitVariance, dimension, samples, block };
        return linearBlockMoments(options).normalisedSquaredNorm / exact - 1;
      }) as [number, number];
      expect(Math.abs(near)).toBeLessThan(5e-4);
      expect(near / far).toBeGreaterThan(3.7);
      expect(near / far).toBeLessThan(4.3);
    },
  );

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
