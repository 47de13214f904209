import { describe, expect, test } from '@jest/globals';
import { wickCycles } from '../../../theory/fluctuations/wickCycles.js';
import { gaussQuadrature } from '../../../theory/measures/index.js';

const [rows, weights] = [2, [0.7, -1.1, 1.6]];

/** Seven Gauss–Hermite nodes: exact for moments of one normal to order 13. */
const hermite = gaussQuadrature(
  Float64Array.from({ length: 201 }, (_, k) => (k - 100) / 8),
  Float64Array.from({ length: 201 }, (_, k) => Math.exp(-0.5 * ((k - 100) / 8) ** 2) / (8 * Math.sqrt(2 * Math.PI))),
  7,
);

type Square = readonly [number, number, number, number];

function multiply([a, b, c, d]: Square, [e, f, g, h]: Square): Square {
  return [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];
}

/** E of the product of traces of words in X Aˡ Xᵀ, X of 2 × 3 normals, by the product rule over all six. */
function byQuadrature(words: readonly (readonly number[])[]): number {
  const x = new Float64Array(rows * weights.length);
  const letter = (power: number): Square => {
    const found: [number, number, number, number] = [0, 0, 0, 0];
    weights.forEach((weight, n) => {
      const [first, second] = [x[2 * n]!, x[2 * n + 1]!];
      const scale = weight ** power;
      found[0] += scale * first * first;
      found[1] += scale * first * second;
      found[3] += scale * second * second;
    });
    found[2] = found[1];
    return found;
  };
  const sumFrom = (at: number): number => {
    if (at === x.length) {
      return words.reduce((product, word) => {
        const [a, , , d] = word.map(letter).reduce(multiply);
        return product * (a + d);
      }, 1);
    }
    let sum = 0;
    for (let k = 0; k < hermite.nodes.length; k++) {
      x[at] = hermite.nodes[k]!;
      sum += hermite.masses[k]! * sumFrom(at + 1);
    }
    return sum;
  };
  return sumFrom(0);
}

describe('traces of words with letters of their own, against a product rule over all normals', () => {
  const powerSums = Array.from({ length: 14 }, (_, l) => weights.reduce((sum, weight) => sum + weight ** l, 0));
  const { expectation, covariance } = wickCycles(rows, powerSums);

  // Words that read otherwise backwards: the sense in which a contraction joins two cycles shows.
  test.each([
    [[1, 2, 3]],
    [[2, 1, 1, 3]],
    [[1, 2], [3]],
    [
      [1, 2, 3],
      [1, 2, 4],
    ],
  ] as number[][][])('%j %j', (...words) => {
    const expected = byQuadrature(words);
    expect(Math.abs(expectation(words) / expected - 1)).toBeLessThan(1e-10);
  });

  test('their covariance', () => {
    const [first, second] = [
      [1, 2, 3],
      [1, 2, 4],
    ];
    const expected = byQuadrature([first, second]) - byQuadrature([first]) * byQuadrature([second]);
    expect(Math.abs(covariance([first], [second]) / expected - 1)).toBeLessThan(1e-9);
  });
});
