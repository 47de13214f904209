import { expect, test } from '@jest/globals';
import { softmax } from '../../../theory/numerics/softmax.js';

test.each([
  [
    [0, Math.log(2), Math.log(5)],
    [1 / 8, 2 / 8, 5 / 8],
  ],
  [
    [1e4, 1e4 - Math.log(3)],
    [3 / 4, 1 / 4],
  ],
  [
    [-1e4, 1e4],
    [0, 1],
  ],
])('of %j: %j', (logits, expected) => {
  const out = new Float64Array(logits.length);
  softmax(Float64Array.from(logits), out);
  // The spacing of doubles at 10⁴ is 2e-12.
  expected.forEach((p, c) => expect(Math.abs(out[c]! - p)).toBeLessThan(2e-12));
});
