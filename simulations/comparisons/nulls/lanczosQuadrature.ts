/** Lanczos' quadrature of random symmetric matrices from random start vectors, without the matrices. */
import { UsageError } from '../../../theory/errors.js';
import type { RandomStream } from '../../contracts.js';
import { chiSquareVariate } from '../../inputs/gammaVariate.js';
import { lanczos } from '../../linalg/lanczos.js';
import { tridiagonalQuadrature, type Quadrature } from './tridiagonalQuadrature.js';

/**
 * m steps of Lanczos' method on a symmetric matrix with these eigenvalues and random eigenvectors, from a start vector of any
 * law: in the basis of the eigenvectors the vector is uniform on the sphere. Fully orthogonalised: O(d m²).
 * @throws UsageError for more steps than eigenvalues
 */
export function lanczosQuadrature(stream: RandomStream, eigenvalues: Float64Array, steps: number): Quadrature {
  const order = eigenvalues.length;
  if (!(steps >= 1 && steps <= order))
    throw new UsageError(`lanczosQuadrature: from 1 to ${order} steps can be made, got ${steps}`);
  const size = Math.max(...eigenvalues.map(Math.abs));
  const start = new Float64Array(order);
  stream.fillNormals(start);
  const apply = (vector: Float64Array): Float64Array => vector.map((value, i) => value * eigenvalues[i]!);
  return tridiagonalQuadrature(lanczos(apply, start, steps, size));
}

/**
 * The same of (1/N) Σ x_n x_nᵀ, x_n independent N(0, I_d), whatever d: Lanczos' matrix is BᵀB/N with B upper bidiagonal,
 * independent χ_N, χ_{N−1}, … on the diagonal and χ_{d−1}, χ_{d−2}, … above it (Dumitriu and Edelman, J. Math. Phys. 43,
 * 2002: the first steps of the reduction that gives the real Laguerre ensemble). O(m²).
 */
export function whiteQuadrature(stream: RandomStream, dimension: number, samples: number, steps: number): Quadrature {
  const most = Math.min(steps, dimension, samples + 1);
  const diagonal = new Float64Array(most);
  const offDiagonal = new Float64Array(most);
  let above = 0;
  for (let i = 0; i < most; i++) {
    const square = samples > i ? chiSquareVariate(stream, samples - i) : 0;
    diagonal[i] = (square + above) / samples;
    if (i === most - 1) break;
    above = chiSquareVariate(stream, dimension - 1 - i);
    offDiagonal[i] = Math.sqrt(square * above) / samples;
  }
  return tridiagonalQuadrature({ diagonal, offDiagonal });
}
