import { UsageError } from '../errors.js';

/**
 * Lower-triangular L with L Lᵀ = P G Pᵀ for a covariance matrix G and an order P of its variables, so that the
 * variables named first depend on the first coordinates only. Semidefinite matrices are accepted: a variable that the
 * earlier ones determine gets a zero pivot.
 *
 * @param gram size×size, row-major, symmetric
 * @param first indices that come first; the others follow in their own order
 * @returns `factor`, size×size row-major, and `order`, the variable that each row belongs to
 * @throws UsageError when the matrix is not finite, or has a negative pivot beyond rounding
 */
export function gramFactor(
  caller: string,
  gram: ArrayLike<number>,
  size: number,
  first: readonly number[],
): { factor: Float64Array; order: number[] } {
  if (gram.length !== size * size) {
    throw new UsageError(
      `${caller}: the Gram matrix must have ${size}×${size} = ${size * size} entries, got ${gram.length}`,
    );
  }
  const order = [...new Set(first)];
  for (let k = 0; k < size; k += 1) if (!order.includes(k)) order.push(k);
  let scale = 0;
  for (let k = 0; k < size; k += 1) scale = Math.max(scale, Math.abs(gram[k * size + k]));
  const tolerance = 1e-12 * size * scale;
  const factor = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let rest = gram[order[row] * size + order[column]];
      for (let k = 0; k < column; k += 1) rest -= factor[row * size + k] * factor[column * size + k];
      if (row === column) {
        if (!(rest >= -tolerance)) {
          throw new UsageError(
            `${caller}: the Gram matrix must be a covariance matrix (no negative eigenvalue), got pivot ${rest} at variable ${order[row]}`,
          );
        }
        factor[row * size + row] = rest > tolerance ? Math.sqrt(rest) : 0;
      } else {
        const pivot = factor[column * size + column];
        factor[row * size + column] = pivot > 0 ? rest / pivot : 0;
      }
    }
  }
  return { factor, order };
}

/** The scaled identity, for directions drawn in high dimension. */
export function scaledIdentity(size: number, scale: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let k = 0; k < size; k += 1) matrix[k * size + k] = scale;
  return matrix;
}

/** out = L v for a lower triangular L, row-major. */
export function multiplyLower(factor: Float64Array, vector: Float64Array, order: number, out: Float64Array): void {
  for (let row = 0; row < order; row++) {
    let sum = 0;
    for (let k = 0; k <= row; k++) sum += factor[row * order + k]! * vector[k]!;
    out[row] = sum;
  }
}
