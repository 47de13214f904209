/** A correlation matrix: a diagonal of ones. */

/** Whether every diagonal entry is 1 to some roundings. */
export function hasUnitDiagonal(matrix: Float64Array, order: number, roundoff: number): boolean {
  if (order < 2) return false;
  for (let i = 0; i < order; i++) if (Math.abs(matrix[i * order + i]! - 1) > 32 * roundoff) return false;
  return true;
}

/** Where diagonal and spectrum are those of correlations. */
export function correlationNote(order: number): string {
  return `A correlation matrix: its eigenvalues sum to d = ${order} exactly, so that σ² is what spikes leave of 1. Its noise is that of draws of correlation matrices, whose trace does not fluctuate.`;
}
