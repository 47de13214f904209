import { expect, test } from '@jest/globals';
import { readoutEntry } from '../../../theory/network/readoutEntry.js';
import { hiddenMseLimit, hiddenMseRatio } from '../../../theory/ratios/hiddenMseRatio.js';

/** What the finite ratio leaves out as C → ∞ is of order m/C: the other units' h_k σ″ beside |v_i|². */
test.each([
  ['tanh', 1],
  ['gelu', 2],
  ['relu', 1],
] as const)('%s, pre-activation variance %d: C·r tends to the limit at rate 1/C', (activation, hiddenFactor) => {
  const options = { width: 4, activation, hiddenFactor, aspectRatio: 0.7 };
  const limit = hiddenMseLimit(options);
  const gapAt = (classes: number): number => {
    const ratio = hiddenMseRatio({ ...options, entry: readoutEntry('normal', 0.25), classes });
    return (classes * ratio) / limit - 1;
  };
  expect(Math.abs(gapAt(1e9))).toBeLessThan(1e-7);
  expect(gapAt(1e6) / gapAt(1e5)).toBeCloseTo(0.1, 3);
});
