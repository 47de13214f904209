import { expect, test } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import { lossEnvelope, mostNegativeEigenvalues, residualBounds } from '../../../theory/dynamics/index.js';

test('cross-entropy: one sample and one input reach the bounds of R and of the curvature', () => {
  // d = 1, N = 1, x = 3, open gate: S = x r has the single singular value 3‖r‖, Λ = 9. Two classes: ‖r‖² = 2(1 − p)².
  const loss = 2;
  const residual = 2 * (1 - Math.exp(-loss)) ** 2;
  const bounds = residualBounds({ loss: 'ce', meanLoss: loss, largestGrams: [9] });
  expect(bounds.residualPower).toBeCloseTo(residual, 14);
  expect(bounds.residualPart).toBeCloseTo(9 * residual, 13);
  expect(bounds.negativeCurvature).toBeCloseTo(3 * Math.sqrt(residual), 13);
});

test('squared error: ‖r‖²/N is twice the loss; the part adds units, the curvature takes the largest', () => {
  expect(residualBounds({ loss: 'mse', meanLoss: 0.5, largestGrams: [1, 4, 0] })).toEqual({
    residualPower: 1,
    residualPart: 5,
    negativeCurvature: 2,
  });
  expect(residualBounds({ loss: 'ce', meanLoss: 0.3, largestGrams: [1, 4] }).residualPart).toBe(5 * lossEnvelope(0.3));
});

test('negative eigenvalues: m·min(d, C), one class less for cross-entropy', () => {
  expect(mostNegativeEigenvalues({ loss: 'ce', dimension: 24, width: 8, classes: 24 })).toBe(184);
  expect(mostNegativeEigenvalues({ loss: 'mse', dimension: 24, width: 8, classes: 24 })).toBe(192);
  expect(mostNegativeEigenvalues({ loss: 'ce', dimension: 10, width: 3, classes: 100 })).toBe(30);
});

test('refuses what is no loss and no Gram', () => {
  expect(() => residualBounds({ loss: 'ce', meanLoss: -1, largestGrams: [1] })).toThrow(UsageError);
  expect(() => residualBounds({ loss: 'mse', meanLoss: 1, largestGrams: [1, -2] })).toThrow('entry 1 is -2');
  expect(() => mostNegativeEigenvalues({ loss: 'ce', dimension: 0, width: 1, classes: 2 })).toThrow('dimension');
});
