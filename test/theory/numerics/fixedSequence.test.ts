import { expect, test } from '@jest/globals';
import { fixedNormalFill, fixedNormals, fixedUniforms } from '../../../theory/numerics/fixedSequence.js';

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

test('normals are the same one by one and in arrays of any lengths, also of odd ones that part a pair', () => {
  const next = fixedNormals(5);
  const fill = fixedNormalFill(5);
  for (const length of [1, 2, 7, 0, 300, 65, 128]) {
    const values = new Float64Array(length);
    fill(values);
    expect([...values]).toEqual(Array.from({ length }, next));
  }
});

test('uniforms are those of sfc32 as its authors write it, for more of them than are made at a time', () => {
  // C. Doty-Humphrey's PractRand: sum = a + b + counter++; a = b ^ (b >> 9); b = c + (c << 3); c = rotl(c, 21) + sum.
  const mask = (1n << 32n) - 1n;
  let [a, b, c, counter] = [0x9e3779b9n ^ 9n, 0x243f6a88n, 0xb7e15162n ^ ((9n * 0x85ebca6bn) & mask), 1n];
  const word = (): bigint => {
    const sum = (a + b + counter) & mask;
    counter = (counter + 1n) & mask;
    a = b ^ (b >> 9n);
    b = (c + (c << 3n)) & mask;
    c = (((c << 21n) | (c >> 11n)) + sum) & mask;
    return sum;
  };
  for (let warmUp = 0; warmUp < 16; warmUp++) word();
  const next = fixedUniforms(9);
  for (let k = 0; k < 600; k++) {
    const bits = ((word() >> 5n) << 26n) + (word() >> 6n);
    expect(next()).toBe((Number(bits) + 0.5) / 2 ** 53);
  }
});
