import { UsageError } from '../../../theory/errors.js';
import type { RandomStream } from '../../contracts.js';
import { chiSquareVariate } from '../../inputs/gammaVariate.js';
import { tridiagonalEigenvalues } from '../../linalg/reference/tridiagonalEigenvalues.js';

/**
 * Ascending eigenvalues of a real symmetric d×d matrix with independent normal entries of variance 1/d off the diagonal
 * and 2/d on it (Gaussian orthogonal ensemble; their limit is the semicircle of radius 2), without the matrix: those of
 * the tridiagonal matrix with N(0, 2/d) on the diagonal and χ_{d−1}, χ_{d−2}, …, χ_1 over √d beside it (Dumitriu and
 * Edelman, J. Math. Phys. 43, 2002, β = 1). O(d²) where the drawn matrix costs O(d³). Another draw than the matrix's from
 * the same stream, of the same law.
 *
 * @throws UsageError when d is not a positive whole number
 */
export function wignerSpectrum(stream: RandomStream, dimension: number): Float64Array {
  if (!Number.isInteger(dimension) || dimension < 1)
    throw new UsageError(`wignerSpectrum: dimension must be a positive whole number, got ${dimension}`);
  const diagonal = new Float64Array(dimension);
  const offDiagonal = new Float64Array(dimension);
  for (let i = 0; i < dimension; i++) {
    diagonal[i] = Math.sqrt(2 / dimension) * stream.normal();
    if (i < dimension - 1) offDiagonal[i] = Math.sqrt(chiSquareVariate(stream, dimension - 1 - i) / dimension);
  }
  return tridiagonalEigenvalues({ diagonal, offDiagonal }).sort();
}

/** Such a matrix itself, row-major, row and column i multiplied by `factors[i]`. */
export function wignerMatrix(stream: RandomStream, factors: Float64Array): Float64Array {
  const order = factors.length;
  const matrix = new Float64Array(order * order);
  for (let i = 0; i < order; i++)
    for (let j = 0; j <= i; j++) {
      const deviation = factors[i]! * factors[j]! * Math.sqrt((i === j ? 2 : 1) / order);
      matrix[i * order + j] = matrix[j * order + i] = deviation * stream.normal();
    }
  return matrix;
}
