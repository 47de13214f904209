import { expect, test } from '@jest/globals';
import { activationFunctions } from '../../../theory/network/activationFunctions.js';
import { readoutEntry } from '../../../theory/network/readoutEntry.js';
import { singleInputPart } from '../../../theory/ratios/hiddenCeRatioNormal.js';
import { singleInputAverages } from '../../../theory/ratios/hiddenCeSingleInput.js';
import { logSumTable } from '../../../theory/ratios/logSumTable.js';

/**
 * As V shrinks p is 1/C, and of a diagonal weight (Σ_c p_c v_ci − v_yi) σ″ is left, the rest being of order τ²: the label's
 * entry about the mean over classes has variance τ² (1 − 1/C).
 */
test.each([2, 5])('small readout, C = %d: E a² on the diagonal is τ² (1 − 1/C) E σ″²', (classes) => {
  const variance = 1e-7;
  const { second } = activationFunctions('tanh');
  let curvatureSquare = 0;
  for (let x = -9; x <= 9; x += 0.01)
    curvatureSquare += (0.01 * Math.exp(-0.5 * x * x) * second(x) ** 2) / Math.sqrt(2 * Math.PI);
  const averages = singleInputAverages(
    {
      ...{ width: 2, activation: 'tanh', hiddenFactor: 1, classes, effort: 1e6 },
      entry: readoutEntry('normal', variance),
    },
    logSumTable(classes),
  );
  const mean = averages.reduce((sum, { square }) => sum + square.diagonal, 0) / averages.length;
  expect(Math.abs(mean / (variance * (1 - 1 / classes) * curvatureSquare) - 1)).toBeLessThan(2e-3);
});

/**
 * Two classes, m = 2, ReLU: a_ij = p(1 − p) d_i d_j over open gates, d = v_1 − v_2 ~ N(0, q), q = 2τ². With both gates open
 * (a quarter of inputs) d has a part s along u, whose direction is uniform over the quadrant, and a part across it that p
 * does not see; with one (a quarter for each) d_1 u_1 is the logit. What is left are two integrals, here by the trapezoidal rule.
 */
test('two classes and units, γ = 1e-3: γ E a² + (E a)² is that of direct integration', () => {
  const [variance, aspectRatio] = [0.25, 1e-3];
  const q = 2 * variance;
  const [both, one] = [
    { mean: 0, square: 0, diagonal: 0, diagonalSquare: 0 },
    { mean: 0, square: 0 },
  ];
  const step = 0.05;
  for (let radius = step; radius < 9; radius += step) {
    const normal = Math.exp(-0.5 * radius * radius);
    for (let k = -160; k <= 160; k += 1) {
      const s = Math.sqrt(q) * step * k;
      const mass = (step * step * Math.exp(-0.5 * (step * k) ** 2) * normal) / Math.sqrt(2 * Math.PI);
      const p = 0.25 / Math.cosh(0.5 * s * radius) ** 2;
      both.mean += (mass * radius * p * (s * s - q)) / Math.PI;
      both.square += mass * radius * p * p * (s ** 4 / 8 + (s * s * q) / 4 + (3 * q * q) / 8);
      both.diagonal += (mass * radius * p * (s * s + q)) / 2;
      both.diagonalSquare += (mass * radius * p * p * (3 * s ** 4 + 6 * s * s * q + 9 * q * q)) / 8;
      one.mean += mass * Math.sqrt(2 / Math.PI) * p * s * s;
      one.square += mass * Math.sqrt(2 / Math.PI) * p * p * s ** 4;
    }
  }
  // The half normal's rule has a node at 0, of half a step.
  for (let k = -160; k <= 160; k += 1) {
    const s = Math.sqrt(q) * step * k;
    const mass = (0.5 * step * step * Math.exp(-0.5 * (step * k) ** 2)) / Math.PI;
    one.mean += (mass * s * s) / 4;
    one.square += (mass * s ** 4) / 16;
  }
  const options = { width: 2, activation: 'relu', hiddenFactor: 1, classes: 2, effort: 1e6 } as const;
  const [averages] = singleInputAverages({ ...options, entry: readoutEntry('normal', variance) }, logSumTable(2));
  const part = singleInputPart(averages!, aspectRatio);
  const expected = {
    numerator: (aspectRatio * both.square) / 4 + (both.mean / 4) ** 2,
    denominator: (aspectRatio * (both.diagonalSquare + one.square)) / 4 + ((both.diagonal + one.mean) / 4) ** 2,
  };
  expect(Math.abs(part.numerator / expected.numerator - 1)).toBeLessThan(5e-4);
  expect(Math.abs(part.denominator / expected.denominator - 1)).toBeLessThan(5e-4);
});
