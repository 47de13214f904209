import { expect, test } from '@jest/globals';
import { expectationNodes } from '../../../theory/gmp/index.js';
import { measureMoment } from '../../../theory/measures/index.js';
import { hiddenCeLimit } from '../../../theory/ratios/hiddenCeLimit.js';
import { hiddenCeLimitWeights } from '../../../theory/weights/hiddenLimitWeights.js';
import { readoutEntry } from '../../../theory/network/readoutEntry.js';

// The limit of the ratio sums moments of one unit; the limit law is a measure over pre-activation and label.
test.each([
  ['tanh', 'normal'],
  ['gelu', 'normal'],
  ['relu', 'uniform'],
] as const)(
  '%s, %s readout: E a² and (E a)² on the diagonal are those of the limit law',
  (activation, distribution) => {
    const entry = readoutEntry(distribution, 0.15);
    const { diagonalSquare, diagonalMeanSquare } = hiddenCeLimit({ width: 8, activation, hiddenFactor: 1, entry });
    const weights = expectationNodes(hiddenCeLimitWeights(activation, 1, entry));
    expect(Math.abs(diagonalSquare / measureMoment(weights, 2) - 1)).toBeLessThan(1e-9);
    expect(Math.abs(diagonalMeanSquare / measureMoment(weights, 1) ** 2 - 1)).toBeLessThan(1e-9);
  },
);
