import { NumericalError } from '../../../theory/errors.js';
import type { Blas } from './blasFunctions.js';

/** Ascending eigenvalues; destroys `matrix`. LAPACK scales it by itself. */
export function nativeEigenvalues(blas: Blas, triangle: 'U' | 'L', matrix: Float64Array, order: number): Float64Array {
  const values = new Float64Array(order);
  const failures = blas.dsyevd(triangle, order, matrix, order, values);
  if (failures !== 0 || !values.every(Number.isFinite))
    throw new NumericalError(`eigenvalues of a matrix of order ${order} did not converge (dsyevd info ${failures})`);
  return values;
}
