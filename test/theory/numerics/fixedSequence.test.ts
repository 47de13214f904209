import { expect, test } from '@jest/globals';
import { fixedNormals, fixedUniforms } from '../../../theory/numerics/fixedSequence.js';

// The sequences are fixed, so that nothing here can fail by chance; the bounds are five standard errors.
const count = 400_000;

function meansOfPowers(next: () => number, powers: readonly number[]): number[] {
  const sums = powers.map(() => 0);
  for (let k = 0; k < count; k++) {
    const value = next();
    powers.forEach((power, index) => (sums[index]! += value ** power / count));
  }
  return sums;
}

test('fixed normals have the moments 0, 1, 0, 3 of a standard normal', () => {
  const [mean, square, cube, fourth] = meansOfPowers(fixedNormals(1), [1, 2, 3, 4]) as [number, number, number, number];
  const bound = (variance: number): number => 5 * Math.sqrt(variance / count);
  expect(Math.abs(mean)).toBeLessThan(bound(1));
  expect(Math.abs(square - 1)).toBeLessThan(bound(2));
  expect(Math.abs(cube)).toBeLessThan(bound(15));
  expect(Math.abs(fourth - 3)).toBeLessThan(bound(96));
});

test('fixed uniforms have the moments 1/2, 1/3, 1/4 and another sequence for another seed', () => {
  const moments = meansOfPowers(fixedUniforms(2), [1, 2, 3]);
  moments.forEach((moment, k) => {
    const power = k + 1;
    const variance = 1 / (2 * power + 1) - 1 / (power + 1) ** 2;
    expect(Math.abs(moment - 1 / (power + 1))).toBeLessThan(5 * Math.sqrt(variance / count));
  });
  expect(fixedUniforms(2)()).not.toBe(fixedUniforms(3)());
});
