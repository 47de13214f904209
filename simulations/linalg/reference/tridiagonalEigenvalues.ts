/**
 * Ascending eigenvalues of a symmetric tridiagonal matrix by the QL method with implicit Wilkinson shifts.
 * Source: R. S. Martin and J. H. Wilkinson, "The implicit QL algorithm", Numer. Math. 12 (1968).
 *
 * @throws NumericalError when an eigenvalue needs more than 60 sweeps.
 */
import { NumericalError } from '../../../theory/errors.js';
import { largestMagnitude } from '../scaling.js';
import type { Tridiagonal } from './tridiagonalise.js';

const mostSweeps = 60;

export function tridiagonalEigenvalues({ diagonal, offDiagonal }: Tridiagonal): Float64Array {
  const d = diagonal.slice();
  const e = offDiagonal.slice();
  const n = d.length;
  // A coupling below rounding of the norm is nothing, even between two diagonal entries that are themselves rounding.
  const floor = Number.EPSILON * Math.max(largestMagnitude(d), largestMagnitude(e));
  for (let l = 0; l < n; l += 1) {
    for (let sweep = 0; ; sweep += 1) {
      let m = l;
      while (m < n - 1 && Math.abs(e[m]!) > floor) m += 1;
      if (m === l) break;
      if (sweep === mostSweeps)
        throw new NumericalError(`eigenvalue ${l} of ${n} did not converge in ${mostSweeps} QL sweeps`);
      let g = (d[l + 1]! - d[l]!) / (2 * e[l]!);
      let r = Math.hypot(g, 1);
      g = d[m]! - d[l]! + e[l]! / (g + (g < 0 ? -r : r));
      let sine = 1;
      let cosine = 1;
      let shift = 0;
      let i = m - 1;
      for (; i >= l; i -= 1) {
        const f = sine * e[i]!;
        const b = cosine * e[i]!;
        r = Math.hypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          // The rotation annihilates more than it was asked: the matrix splits here.
          d[i + 1]! -= shift;
          e[m] = 0;
          break;
        }
        sine = f / r;
        cosine = g / r;
        g = d[i + 1]! - shift;
        r = (d[i]! - g) * sine + 2 * cosine * b;
        shift = sine * r;
        d[i + 1] = g + shift;
        g = cosine * r - b;
      }
      if (i >= l) continue;
      d[l]! -= shift;
      e[l] = g;
      e[m] = 0;
    }
  }
  return d.sort();
}
