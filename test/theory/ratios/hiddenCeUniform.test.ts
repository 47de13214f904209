import { expect, test } from '@jest/globals';
import { readoutEntry } from '../../../theory/network/readoutEntry.js';
import { hiddenCeLimit } from '../../../theory/ratios/hiddenCeLimit.js';
import { hiddenCeRatioUniform } from '../../../theory/ratios/hiddenCeRatioUniform.js';

/**
 * As V shrinks p is 1/C, and the weights are gates times covariances of C independent entries: off the diagonal of square
 * mean τ⁴ (C − 1)/C², on it a sample variance, E s⁴ = τ⁴ ((C − 1)² (C + κ − 1) + 2 (C − 1))/C³ (Cramér 1946, 27.4), κ = 9/5.
 */
test('small readout: the closed form, with C − 1 of C classes', () => {
  const [classes, aspectRatio] = [3, 0.35];
  const { ratio, standardError } = hiddenCeRatioUniform({
    ...{ width: 12, activation: 'relu', hiddenFactor: 1, classes, aspectRatio, effort: 2e8 },
    entry: readoutEntry('uniform', 1e-8),
  });
  const own = ((classes - 1) ** 2 * (classes + 9 / 5 - 1) + 2 * (classes - 1)) / classes ** 3;
  const off = (classes - 1) / classes ** 2;
  const expected = ((aspectRatio / 4 + 1 / 16) * off) / ((aspectRatio / 2 + 1 / 4) * own);
  // The sequence is fixed; a true formula would miss in 7e-6 of cases.
  expect(Math.abs(ratio - expected)).toBeLessThan(4.5 * standardError);
  // n² for n(n − 1) pairs of inputs moves it by 2.1 %.
  expect(standardError).toBeLessThan(0.0035 * expected);
});

test('beyond 32 classes C·r keeps the excess over its limit that it has there, falling like 1/C', () => {
  const effort = 1e6;
  const options = {
    ...({ width: 4, activation: 'relu', hiddenFactor: 1, aspectRatio: 0.5 } as const),
    entry: readoutEntry('uniform', 0.6),
  } as const;
  const { offSquare, offMeanSquare, diagonalSquare, diagonalMeanSquare } = hiddenCeLimit(options);
  const limit = (0.5 * offSquare + offMeanSquare) / (0.5 * diagonalSquare + diagonalMeanSquare);
  // One half of the effort goes to 32 classes, over the same fixed sequence as here.
  const excessAt = (classes: number, share: number): number =>
    classes * hiddenCeRatioUniform({ ...options, classes, effort: share * effort }).ratio - limit;
  const drawn = excessAt(32, 0.5);
  expect(Math.abs(drawn)).toBeGreaterThan(0.02 * limit);
  for (const classes of [33, 320, 32_000])
    expect(Math.abs((classes * excessAt(classes, 1)) / (32 * drawn) - 1)).toBeLessThan(1e-8);
});
