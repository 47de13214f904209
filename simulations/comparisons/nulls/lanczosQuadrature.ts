/** Lanczos' quadrature of random symmetric matrices from random start vectors, without the matrices. */
import { UsageError } from '../../../theory/errors.js';
import type { RandomStream } from '../../contracts.js';
import { chiSquareVariate } from '../../inputs/gammaVariate.js';
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
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  let next = new Float64Array(order);
  stream.fillNormals(next);
  for (let step = 0; step < steps; step++) {
    const length = Math.sqrt(dot(next, next));
    // The vectors span all that the start vector has: the quadrature is exact.
    if (step > 0 && length <= 1e-12 * size) break;
    if (step > 0) offDiagonal.push(length);
    const own = next.map((value) => value / length);
    next = own.map((value, i) => value * eigenvalues[i]!);
    diagonal.push(dot(own, next));
    basis.push(own);
    // Twice is enough (Kahan and Parlett).
    for (let round = 0; round < 2; round++) for (const earlier of basis) subtract(next, earlier, dot(next, earlier));
  }
  return tridiagonalQuadrature({
    diagonal: Float64Array.from(diagonal),
    offDiagonal: Float64Array.from([...offDiagonal, 0]),
  });
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

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function subtract(vector: Float64Array, direction: Float64Array, amount: number): void {
  for (let i = 0; i < vector.length; i++) vector[i]! -= amount * direction[i]!;
}
