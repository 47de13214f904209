/** A matrix F of `order` rows and `rank` columns. */
export interface LowRankFactor {
  readonly factor: Float64Array;
  readonly rank: number;
}

/**
 * F with F Fᵀ = matrix, for a symmetric positive semidefinite matrix of any rank: Cholesky with the largest diagonal entry that is left
 * as pivot, until none is above order · 2⁻⁵² of the largest. O(order · rank²). Backward stable where plain Cholesky meets pivots that
 * rounding has made negative (Higham, Accuracy and Stability of Numerical Algorithms, section 10.3).
 */
export function pivotedCholesky(matrix: Float64Array, order: number): LowRankFactor {
  const left = Float64Array.from({ length: order }, (_, i) => matrix[i * (order + 1)]!);
  const negligible = order * Number.EPSILON * left.reduce((most, value) => Math.max(most, value), 0);
  // Columns one after another while the rank is not known.
  const columns: Float64Array[] = [];
  const pivots: number[] = [];
  while (columns.length < order) {
    const pivot = left.reduce((best, value, i) => (value > left[best]! ? i : best), 0);
    if (!(left[pivot]! > negligible)) break;
    const root = Math.sqrt(left[pivot]!);
    const column = new Float64Array(order);
    for (let i = 0; i < order; i += 1) column[i] = matrix[i * order + pivot]!;
    for (const earlier of columns) {
      const factor = earlier[pivot]!;
      for (let i = 0; i < order; i += 1) column[i]! -= factor * earlier[i]!;
    }
    for (let i = 0; i < order; i += 1) column[i]! /= root;
    column[pivot] = root;
    // Rows that have been pivots are done: what rounding leaves in them is nothing.
    for (const done of pivots) column[done] = 0;
    for (let i = 0; i < order; i += 1) left[i]! -= column[i]! ** 2;
    left[pivot] = 0;
    pivots.push(pivot);
    columns.push(column);
  }
  const rank = columns.length;
  const factor = new Float64Array(order * rank);
  columns.forEach((column, j) => column.forEach((value, i) => (factor[i * rank + j] = value)));
  return { factor, rank };
}
