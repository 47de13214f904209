import { UsageError } from '../../theory/errors.js';

/**
 * Lower triangular L (row-major, zeros above) with L Lᵀ = matrix, for a symmetric positive semidefinite matrix of the
 * given order. A pivot within rounding of zero (order · 2^-50 of the largest diagonal entry) gives a zero column.
 * @throws UsageError when the matrix is not symmetric to 1e-10 of its largest entry, or not positive semidefinite.
 */
export function choleskyFactor(matrix: Float64Array, order: number): Float64Array {
  if (matrix.length !== order * order) {
    throw new UsageError(
      `covariance must be ${order} by ${order} for inputs of ${order} coordinates, it has ${matrix.length} entries. Give a matrix of that size.`,
    );
  }
  let largest = 0;
  for (const entry of matrix) {
    if (!Number.isFinite(entry))
      throw new UsageError('covariance must hold finite numbers only. Look for NaN or infinity in the file.');
    largest = Math.max(largest, Math.abs(entry));
  }
  const factor = new Float64Array(order * order);
  const negligible = order * 2 ** -50 * largest;
  for (let i = 0; i < order; i++) {
    for (let j = 0; j <= i; j++) {
      const entry = matrix[i * order + j]!;
      if (Math.abs(entry - matrix[j * order + i]!) > 1e-10 * largest) {
        throw new UsageError(
          `covariance must be symmetric, but entries (${i}, ${j}) and (${j}, ${i}) are ${entry} and ${matrix[j * order + i]}. Use (S + S.T) / 2.`,
        );
      }
      let sum = entry;
      for (let k = 0; k < j; k++) sum -= factor[i * order + k]! * factor[j * order + k]!;
      if (i === j) {
        if (sum < -negligible)
          throw new UsageError(
            `covariance must be positive semidefinite, but its leading ${i + 1} by ${i + 1} part is not (pivot ${sum.toPrecision(3)}). Give a covariance matrix.`,
          );
        factor[i * order + i] = sum > negligible ? Math.sqrt(sum) : 0;
      } else {
        const pivot = factor[j * order + j]!;
        if (pivot === 0 && Math.abs(sum) > Math.sqrt(negligible * largest)) {
          throw new UsageError(
            `covariance must be positive semidefinite, but variable ${j} has no variance left and still a covariance ${sum.toPrecision(3)} with variable ${i}. Give a covariance matrix.`,
          );
        }
        factor[i * order + j] = pivot === 0 ? 0 : sum / pivot;
      }
    }
  }
  return factor;
}
