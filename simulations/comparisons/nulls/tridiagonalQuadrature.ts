import { NumericalError } from '../../../theory/errors.js';
import type { Tridiagonal } from '../../linalg/reference/tridiagonalise.js';

/** Σ ω_i δ(θ_i): eigenvalues θ of a tridiagonal matrix, ascending, and squares ω of the first components of their vectors. */
export interface Quadrature {
  readonly nodes: Float64Array;
  readonly masses: Float64Array;
}

const mostSweeps = 60;

/**
 * Gauss quadrature of the spectral measure of e₁, by the QL method with implicit shifts on the matrix and on the first
 * row of its eigenvectors alone: O(m²). Source: G. H. Golub and J. H. Welsch, Math. Comp. 23 (1969).
 * @throws NumericalError when a node needs more than 60 sweeps
 */
export function tridiagonalQuadrature({ diagonal, offDiagonal }: Tridiagonal): Quadrature {
  const d = diagonal.slice();
  const e = offDiagonal.slice();
  const first = new Float64Array(d.length);
  first[0] = 1;
  const size = d.reduce((most, value, k) => Math.max(most, Math.abs(value), Math.abs(e[k] ?? 0)), 0);
  const negligible = Number.EPSILON * size;
  for (let l = 0; l < d.length; l++) {
    for (let sweep = 0; ; sweep++) {
      let last = l;
      while (last < d.length - 1 && Math.abs(e[last]!) > negligible) last++;
      if (last === l) break;
      if (sweep === mostSweeps)
        throw new NumericalError(`node ${l} of ${d.length} did not converge in ${mostSweeps} QL sweeps`);
      sweepQl(d, e, first, l, last);
    }
  }
  const order = Array.from(d.keys()).sort((a, b) => d[a]! - d[b]!);
  return {
    nodes: Float64Array.from(order, (k) => d[k]!),
    masses: Float64Array.from(order, (k) => first[k]! ** 2),
  };
}

/** One sweep of rotations from row `last` up to row `l`. */
function sweepQl(d: Float64Array, e: Float64Array, first: Float64Array, l: number, last: number): void {
  const half = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  const root = Math.hypot(half, 1);
  let g = d[last]! - d[l]! + e[l]! / (half + (half >= 0 ? root : -root));
  let sine = 1;
  let cosine = 1;
  let p = 0;
  for (let i = last - 1; i >= l; i--) {
    const f = sine * e[i]!;
    const b = cosine * e[i]!;
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1]! -= p;
      e[last] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1]! - p;
    const s = (d[i]! - g) * sine + 2 * cosine * b;
    p = sine * s;
    d[i + 1] = g + p;
    g = cosine * s - b;
    const next = first[i + 1]!;
    first[i + 1] = sine * first[i]! + cosine * next;
    first[i] = cosine * first[i]! - sine * next;
  }
  d[l]! -= p;
  e[l] = g;
  e[last] = 0;
}
