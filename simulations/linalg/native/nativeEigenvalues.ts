import { NumericalError } from '../../../theory/errors.js';
import type { Blas } from './blasFunctions.js';

/** From here on two stages are faster on every machine tried, where the library has them (docs/tables/speed.md). */
export const twoStageOrder = 2000;

/** Ascending eigenvalues; destroys `matrix`. LAPACK scales it by itself. */
export function nativeEigenvalues(blas: Blas, triangle: 'U' | 'L', matrix: Float64Array, order: number): Float64Array {
  const values = new Float64Array(order);
  const { dsyevd, dsyevdTwoStage } = blas;
  const solve = order < twoStageOrder ? dsyevd : (dsyevdTwoStage ?? dsyevd);
  const failures = solve(triangle, order, matrix, order, values);
  if (failures !== 0 || !values.every(Number.isFinite))
    throw new NumericalError(`eigenvalues of a matrix of order ${order} did not converge (dsyevd info ${failures})`);
  return values;
}
