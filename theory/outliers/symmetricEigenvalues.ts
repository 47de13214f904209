/**
 * Ascending eigenvalues of a small symmetric matrix (row-major, order×order), by Jacobi rotations. Only for the k×k matrices of the
 * outlier equation: O(k³) per sweep, a handful of sweeps.
 */
export function symmetricEigenvalues(matrix: Float64Array, order: number): Float64Array {
  const a = matrix.slice();
  let norm = 0;
  for (const entry of a) norm += entry * entry;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < order; p++) for (let q = 0; q < p; q++) off += a[p * order + q]! ** 2;
    if (off <= 1e-32 * norm) break;
    for (let p = 0; p < order - 1; p++) for (let q = p + 1; q < order; q++) rotate(a, order, p, q);
  }
  return Float64Array.from({ length: order }, (_, i) => a[i * order + i]!).sort();
}

/** One rotation that makes entries (p, q) and (q, p) zero. */
function rotate(a: Float64Array, order: number, p: number, q: number): void {
  const coupling = a[p * order + q]!;
  if (coupling === 0) return;
  const ratio = (a[q * order + q]! - a[p * order + p]!) / (2 * coupling);
  const tangent = (ratio >= 0 ? 1 : -1) / (Math.abs(ratio) + Math.hypot(1, ratio));
  const cosine = 1 / Math.hypot(1, tangent);
  const sine = tangent * cosine;
  for (let i = 0; i < order; i++) {
    const [left, right] = [a[i * order + p]!, a[i * order + q]!];
    a[i * order + p] = cosine * left - sine * right;
    a[i * order + q] = sine * left + cosine * right;
  }
  for (let i = 0; i < order; i++) {
    const [upper, lower] = [a[p * order + i]!, a[q * order + i]!];
    a[p * order + i] = cosine * upper - sine * lower;
    a[q * order + i] = sine * upper + cosine * lower;
  }
}
