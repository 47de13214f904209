import { expect, test } from '@jest/globals';
import { activationFunctions } from '../../../theory/network/activationFunctions.js';
import { readoutEntry } from '../../../theory/network/readoutEntry.js';
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
