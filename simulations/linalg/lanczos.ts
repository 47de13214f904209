import { dot } from './vectors.js';
import type { Tridiagonal } from './reference/tridiagonalise.js';

export interface LanczosSteps extends Tridiagonal {
  /** Length of what is left after the last step: the next off-diagonal entry, 0 where the space is exhausted. */
  readonly residual: number;
}

/**
 * Up to `steps` steps of Lanczos' method on a symmetric operator, fully orthogonalised: O(order · steps²) beside `apply`, which
 * may hand back the same array each time. Stops early where the vectors span all that the start vector has.
 *
 * @param size magnitude of the operator, against which a residual is nothing
 */
export function lanczos(
  apply: (vector: Float64Array) => Float64Array,
  start: Float64Array,
  steps: number,
  size: number,
): LanczosSteps {
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  let next = start;
  let length = Math.sqrt(dot(next, next));
  for (let step = 0; step < steps; step++) {
    if (step > 0 && length <= 1e-12 * size) break;
    if (step > 0) offDiagonal.push(length);
    const own = next.map((value) => value / length);
    next = apply(own).slice();
    diagonal.push(dot(own, next));
    basis.push(own);
    // Twice is enough (Kahan and Parlett).
    for (let round = 0; round < 2; round++) for (const earlier of basis) subtract(next, earlier, dot(next, earlier));
    length = Math.sqrt(dot(next, next));
  }
  return {
    diagonal: Float64Array.from(diagonal),
    offDiagonal: Float64Array.from([...offDiagonal, 0]),
    residual: length <= 1e-12 * size ? 0 : length,
  };
}

function subtract(vector: Float64Array, direction: Float64Array, amount: number): void {
  for (let i = 0; i < vector.length; i++) vector[i]! -= amount * direction[i]!;
}
