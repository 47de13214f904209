import { expect, test } from '@jest/globals';
import { pivotedCholesky } from '../../../simulations/linalg/pivotedCholesky.js';
import { uniform } from './linalgTestMatrices.js';

test.each([
  ['full rank', 7, 9],
  ['rank 3 of 12', 12, 3],
  ['rank 24 of 60, where plain Cholesky meets negative pivots', 60, 24],
])('%s: F Fᵀ is the matrix, F has as many columns as its rank', (_name, order, columns) => {
  const rows = Float64Array.from({ length: order * columns }, (_, k) =>
    uniform(5, Math.floor(k / columns), k % columns),
  );
  const product = (factor: Float64Array, width: number) =>
    Float64Array.from({ length: order * order }, (_, at) => {
      let sum = 0;
      for (let k = 0; k < width; k++)
        sum += factor[Math.floor(at / order) * width + k]! * factor[(at % order) * width + k]!;
      return sum;
    });
  const matrix = product(rows, columns);
  const { factor, rank } = pivotedCholesky(matrix, order);
  expect(rank).toBe(Math.min(order, columns));
  const again = product(factor, rank);
  again.forEach((value, at) => expect(Math.abs(value - matrix[at]!)).toBeLessThan(1e-13 * order));
});

test('a matrix of zeros has rank 0, equal rows count once', () => {
  expect(pivotedCholesky(new Float64Array(9), 3).rank).toBe(0);
  expect(pivotedCholesky(Float64Array.of(1, 1, 1, 1), 2)).toEqual({ rank: 1, factor: Float64Array.of(1, 1) });
});
