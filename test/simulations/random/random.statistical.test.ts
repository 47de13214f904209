/**
 * Fixed seeds, so nothing here fails by chance once it has passed. The bounds say how rare a failure would be for
 * another seed: each z-score is held to 4.5, which a normal exceeds with probability 7e-6 (5e-5 for the rarest count, a
 * Poisson number of mean 32); each chi-square to its 1 − 1e-5 quantile. With about 30 such checks a fresh seed fails
 * somewhere with probability below 5e-4.
 */
import { describe, expect, test } from '@jest/globals';
import { randomStream } from '../../../simulations/random/randomStream.js';

const COUNT = 1_000_000;
const normals = new Float64Array(COUNT);
randomStream('statistical', 'normals', 0).fillNormals(normals);

/** z-score of the mean of values with the given mean and variance. */
const score = (sum: number, count: number, mean: number, variance: number): number =>
  (sum / count - mean) / Math.sqrt(variance / count);

/** scipy.stats.norm.ppf(k / 16), k = 1 … 15 (SciPy 1.17.1). */
const SIXTEENTHS = [
  -1.5341205443525463, -1.1503493803760079, -0.887146559018876, -0.6744897501960817, -0.4887764111146695,
  -0.31863936396437514, -0.1573106846101707, 0,
];
const EDGES = [
  ...SIXTEENTHS,
  ...SIXTEENTHS.slice(0, 7)
    .reverse()
    .map((x) => -x),
];
/** scipy.stats.chi2.isf(1e-5, 15) and (1e-5, 63). */
const LIMIT_15 = 50.493;
const LIMIT_63 = 122.72;

const chiSquare = (values: ArrayLike<number>): number => {
  const counts = new Array<number>(16).fill(0);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!;
    let bin = value >= 0 ? 8 : 0;
    while (bin < 15 && value >= EDGES[bin]!) bin += 1;
    counts[bin]! += 1;
  }
  const expected = values.length / 16;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
};

const powerSums = (values: Float64Array): number[] => {
  const sums = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < values.length; i += 1) {
    let power = 1;
    for (let k = 0; k < 6; k += 1) {
      power *= values[i]!;
      sums[k]! += power;
    }
  }
  return sums;
};

/** Moments of a standard normal: E x^k, and the variance of x^k, k = 1 … 6. */
const momentScores = (values: Float64Array): number[] =>
  powerSums(values).map((sum, index) => {
    const k = index + 1;
    const moment = (m: number): number =>
      m % 2 === 1 ? 0 : Array.from({ length: m / 2 }, (_, i) => 2 * i + 1).reduce((a, b) => a * b, 1);
    return score(sum, values.length, moment(k), moment(2 * k) - moment(k) ** 2);
  });

describe('normals', () => {
  test('have the first six moments', () => {
    for (const z of momentScores(normals)) expect(Math.abs(z)).toBeLessThan(4.5);
  });

  test('fill sixteen bins of equal probability evenly', () => {
    expect(chiSquare(normals)).toBeLessThan(LIMIT_15);
  });

  test('both checks reject a scale that is off by two per cent, a shift of 0.01 and uniform numbers of the same two moments', () => {
    const wrongScale = normals.map((x) => 1.02 * x);
    const wrongShift = normals.map((x) => x + 0.01);
    const uniforms = new Float64Array(COUNT);
    randomStream('statistical', 'uniforms', 0).fillUniforms(uniforms);
    const wrongShape = uniforms.map((u) => Math.sqrt(12) * (u - 0.5));
    for (const wrong of [wrongScale, wrongShift, wrongShape]) {
      expect(chiSquare(wrong)).toBeGreaterThan(LIMIT_15);
      expect(Math.max(...momentScores(wrong).map(Math.abs))).toBeGreaterThan(4.5);
    }
  });

  test('have the right tails beyond 2, 3, the start of the exact tail, and 4, on each side', () => {
    // scipy.stats.norm.sf (SciPy 1.17.1).
    const tails = [
      [2, 0.022750131948179195],
      [3, 0.0013498980316300933],
      [3.654152885361009, 0.00012901624382695038],
      [4, 3.167124183311986e-5],
    ] as const;
    for (const [at, probability] of tails) {
      for (const side of [1, -1]) {
        let count = 0;
        for (let i = 0; i < COUNT; i += 1) if (side * normals[i]! > at) count += 1;
        expect(Math.abs(score(count, COUNT, probability, probability * (1 - probability)))).toBeLessThan(4.5);
      }
    }
  });

  test('in the tail itself follow the conditional law: P(Z > 4 | Z > r)', () => {
    const many = randomStream('statistical', 'tail', 0);
    const buffer = new Float64Array(COUNT);
    let beyond = 0;
    let far = 0;
    for (let round = 0; round < 4; round += 1) {
      many.fillNormals(buffer);
      for (let i = 0; i < COUNT; i += 1) {
        const x = Math.abs(buffer[i]!);
        if (x > 3.6541528853610088) beyond += 1;
        if (x > 4) far += 1;
      }
    }
    const conditional = 3.167124183311986e-5 / 0.00012901624382695038;
    expect(beyond).toBeGreaterThan(900);
    expect(Math.abs(score(far, beyond, conditional, conditional * (1 - conditional)))).toBeLessThan(4.5);
  });

  test('of neighbours, of neighbouring replicates and of neighbouring seeds are uncorrelated, values and squares', () => {
    const other = new Float64Array(COUNT / 4);
    const neighbours: Float64Array[] = [normals.subarray(1, 1 + other.length)];
    for (const [seed, replicate] of [
      ['statistical', 1],
      ['statistical2', 0],
    ] as const) {
      const draws = new Float64Array(other.length);
      randomStream(seed, 'normals', replicate).fillNormals(draws);
      neighbours.push(draws);
    }
    for (const neighbour of neighbours) {
      let products = 0;
      let squares = 0;
      for (let i = 0; i < neighbour.length; i += 1) {
        products += normals[i]! * neighbour[i]!;
        squares += (normals[i]! ** 2 - 1) * (neighbour[i]! ** 2 - 1);
      }
      expect(Math.abs(score(products, neighbour.length, 0, 1))).toBeLessThan(4.5);
      expect(Math.abs(score(squares, neighbour.length, 0, 4))).toBeLessThan(4.5);
    }
  });
});

describe('uniforms', () => {
  test('fill 64 bins evenly, in their leading and in their trailing bits', () => {
    const uniforms = new Float64Array(500_000);
    randomStream('statistical', 'bits', 0).fillUniforms(uniforms);
    for (const bin of [(u: number) => Math.floor(u * 64), (u: number) => (u * 2 ** 53) % 64]) {
      const counts = new Array<number>(64).fill(0);
      for (const u of uniforms) counts[bin(u)]! += 1;
      const expected = uniforms.length / 64;
      expect(counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(LIMIT_63);
    }
  });

  test('integers below 6 are equally likely, below 3·2^51 too, where a remainder without rejection is not', () => {
    const stream = randomStream('statistical', 'integers', 0);
    const count = 60_000;
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < count; i += 1) counts[stream.integer(6)]! += 1;
    // scipy.stats.chi2.isf(1e-5, 5).
    expect(counts.reduce((sum, c) => sum + (c - count / 6) ** 2 / (count / 6), 0)).toBeLessThan(30.856);
    // 2^53 = 4·2^51: by remainder alone the lowest third would come twice as often.
    const bound = 3 * 2 ** 51;
    let lowest = 0;
    let lowestByRemainder = 0;
    for (let i = 0; i < count; i += 1) {
      if (stream.integer(bound) < bound / 3) lowest += 1;
      if ((stream.uniform() * 2 ** 53) % bound < bound / 3) lowestByRemainder += 1;
    }
    expect(Math.abs(score(lowest, count, 1 / 3, 2 / 9))).toBeLessThan(4.5);
    expect(Math.abs(score(lowestByRemainder, count, 1 / 3, 2 / 9))).toBeGreaterThan(4.5);
  });
});
