import type { DiscreteMeasure } from '../contracts.js';

/**
 * The n-point Gauss quadrature of a discrete measure, exact for polynomials up to degree 2n − 1: Lanczos with full
 * reorthogonalisation for the Jacobi matrix, then its eigenvalues and first eigenvector components by implicit QL
 * (Golub and Welsch 1969). Fewer nodes come back when the measure has no more. Cost: measure size × n².
 *
 * @param nodes ascending distinct nodes
 * @param masses their masses; they need not sum to 1, and the result has the same sum
 */
export function gaussQuadrature(nodes: Float64Array, masses: Float64Array, count: number): DiscreteMeasure {
  if (count >= nodes.length) return { nodes: nodes.slice(), masses: masses.slice() };
  const { diagonal, offDiagonal, total } = jacobiMatrix(nodes, masses, count);
  return eigenQuadrature(diagonal, offDiagonal, total);
}

/** Recurrence coefficients of the orthonormal polynomials; breaks off early when the measure is exhausted. */
export function jacobiMatrix(
  nodes: Float64Array,
  masses: Float64Array,
  count: number,
): { diagonal: Float64Array; offDiagonal: Float64Array; total: number } {
  const size = nodes.length;
  let total = 0;
  for (const mass of masses) total += mass;
  const centre = (nodes[0] + nodes[size - 1]) / 2;
  const halfWidth = (nodes[size - 1] - nodes[0]) / 2 || 1;
  const shifted = nodes.map((node) => (node - centre) / halfWidth);
  const basis: Float64Array[] = [masses.map((mass) => Math.sqrt(mass / total))];
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  for (let k = 0; k < count; k++) {
    const current = basis[k];
    const next = new Float64Array(size);
    let alpha = 0;
    for (let i = 0; i < size; i++) {
      next[i] = shifted[i] * current[i];
      alpha += next[i] * current[i];
    }
    diagonal.push(centre + halfWidth * alpha);
    if (k + 1 === count) break;
    // Twice is enough (Kahan, Parlett).
    for (let round = 0; round < 2; round++) {
      for (const earlier of basis) {
        let overlap = 0;
        for (let i = 0; i < size; i++) overlap += earlier[i] * next[i];
        for (let i = 0; i < size; i++) next[i] -= overlap * earlier[i];
      }
    }
    let norm = 0;
    for (let i = 0; i < size; i++) norm += next[i] * next[i];
    norm = Math.sqrt(norm);
    if (norm < 1e-14) break;
    for (let i = 0; i < size; i++) next[i] /= norm;
    offDiagonal.push(halfWidth * norm);
    basis.push(next);
  }
  return { diagonal: Float64Array.from(diagonal), offDiagonal: Float64Array.from(offDiagonal), total };
}

/** Nodes and masses from the leading part of a Jacobi matrix. */
export function eigenQuadrature(diagonal: Float64Array, offDiagonal: Float64Array, total: number): DiscreteMeasure {
  const size = diagonal.length;
  const values = diagonal.slice();
  const beside = new Float64Array(size);
  beside.set(offDiagonal.subarray(0, size - 1));
  const first = new Float64Array(size);
  first[0] = 1;
  for (let l = 0; l < size; l++) {
    for (let iteration = 0; iteration < 200; iteration++) {
      let m = l;
      for (; m + 1 < size; m++) {
        const scale = Math.abs(values[m]) + Math.abs(values[m + 1]);
        if (Math.abs(beside[m]) <= 1e-17 * scale) break;
      }
      if (m === l) break;
      let shift = (values[l + 1] - values[l]) / (2 * beside[l]);
      let radius = Math.hypot(shift, 1);
      shift = values[m] - values[l] + beside[l] / (shift + (shift >= 0 ? radius : -radius));
      let sine = 1;
      let cosine = 1;
      let carried = 0;
      let deflated = false;
      for (let i = m - 1; i >= l; i--) {
        const f = sine * beside[i];
        const b = cosine * beside[i];
        radius = Math.hypot(f, shift);
        beside[i + 1] = radius;
        if (radius === 0) {
          values[i + 1] -= carried;
          beside[m] = 0;
          deflated = true;
          break;
        }
        sine = f / radius;
        cosine = shift / radius;
        shift = values[i + 1] - carried;
        radius = (values[i] - shift) * sine + 2 * cosine * b;
        carried = sine * radius;
        values[i + 1] = shift + carried;
        shift = cosine * radius - b;
        const upper = first[i + 1];
        first[i + 1] = sine * first[i] + cosine * upper;
        first[i] = cosine * first[i] - sine * upper;
      }
      if (deflated) continue;
      values[l] -= carried;
      beside[l] = shift;
      beside[m] = 0;
    }
  }
  const order = Array.from({ length: size }, (_, i) => i).sort((i, j) => values[i] - values[j]);
  return { nodes: Float64Array.from(order, (i) => values[i]), masses: Float64Array.from(order, (i) => total * first[i] * first[i]) };
}
