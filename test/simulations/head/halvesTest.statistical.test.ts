import { expect, test } from '@jest/globals';
import { halvesTest } from '../../../simulations/head/index.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';

const backend = await createBackend('wasm');
const [samples, dimension, perGroup] = [120, 6, 3];

/** Positions of one group share a shift; the second half is stretched along the first feature. */
function pValue(seed: string, stretch: number): number {
  const stream = randomStream(seed, 'halves', 0);
  const features = new Float64Array(samples * dimension);
  let shift = 0;
  for (let n = 0; n < samples; n++) {
    if (n % perGroup === 0) shift = stream.normal();
    for (let k = 0; k < dimension; k++)
      features[n * dimension + k] = (stream.normal() + 0.5 * shift) * (k === 0 && n >= samples / 2 ? stretch : 1);
  }
  const weights = Float64Array.from({ length: 2 * samples }, () => 0.1 + 0.1 * stream.uniform());
  const fields = { tokens: [0, 1], samples, probabilities: weights, weights };
  const group = Int32Array.from({ length: samples }, (_, n) => Math.floor(n / perGroup));
  return halvesTest(fields, features, group, { draws: 39, seed, backend }).pValue;
}

test('halves of one kind are rejected at their level: 40 texts, p ≤ 0.1 in 4 on average (P(11 or more) = 0.002)', () => {
  const values = Array.from({ length: 40 }, (_, text) => pValue(`alike ${text}`, 1));
  expect(values.filter((value) => value <= 0.1).length).toBeLessThan(11);
  expect(values.filter((value) => value <= 0.5).length).toBeGreaterThan(8);
});

test('a second half of another kind is noticed', () => {
  for (const text of [1, 2, 3]) expect(pValue(`other ${text}`, 3)).toBeLessThanOrEqual(0.05);
});
