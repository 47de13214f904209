/**
 * Householder reduction of a symmetric matrix to tridiagonal form, one column at a time.
 * Source: G. H. Golub and C. F. Van Loan, "Matrix Computations", algorithm 8.3.1.
 *
 * `matrix` is order×order, row-major; its lower triangle is read and destroyed. Entries should be of order 1.
 */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** `offDiagonal[i]` couples i and i + 1; the last entry is 0. */
  readonly offDiagonal: Float64Array;
}

export function tridiagonalise(matrix: Float64Array, order: number): Tridiagonal {
  const n = order;
  const at = (i: number, j: number): number => (i >= j ? i * n + j : j * n + i);
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n - 1; k += 1) {
    diagonal[k] = matrix[at(k, k)]!;
    let largest = 0;
    for (let i = k + 1; i < n; i += 1) largest = Math.max(largest, Math.abs(matrix[at(i, k)]!));
    if (largest === 0) continue;
    let squares = 0;
    for (let i = k + 1; i < n; i += 1) squares += (matrix[at(i, k)]! / largest) ** 2;
    const norm = largest * Math.sqrt(squares);
    const head = matrix[at(k + 1, k)]!;
    offDiagonal[k] = head > 0 ? -norm : norm;
    // v = (column − offDiagonal e₁) scaled to head 1; I − tau v vᵀ maps the column to offDiagonal e₁.
    const pivot = head - offDiagonal[k]!;
    const tau = -pivot / offDiagonal[k]!;
    v[k + 1] = 1;
    for (let i = k + 2; i < n; i += 1) v[i] = matrix[at(i, k)]! / pivot;
    let alpha = 0;
    for (let i = k + 1; i < n; i += 1) {
      let sum = 0;
      for (let j = k + 1; j < n; j += 1) sum += matrix[at(i, j)]! * v[j]!;
      w[i] = tau * sum;
      alpha += w[i]! * v[i]!;
    }
    for (let i = k + 1; i < n; i += 1) w[i]! -= 0.5 * tau * alpha * v[i]!;
    for (let i = k + 1; i < n; i += 1) {
      for (let j = k + 1; j <= i; j += 1) matrix[at(i, j)]! -= v[i]! * w[j]! + w[i]! * v[j]!;
    }
  }
  diagonal[n - 1] = matrix[at(n - 1, n - 1)]!;
  return { diagonal, offDiagonal };
}
