/**
 * Ascending eigenvalues of a symmetric tridiagonal matrix by the QL method with implicit Wilkinson shifts, on the squares
 * of the couplings so that a rotation takes no square root: a third of the time of the method with roots.
 * Sources: R. S. Martin and J. H. Wilkinson, "The implicit QL algorithm", Numer. Math. 12 (1968); Pal, Walker and Kahan's
 * form of it, B. N. Parlett, "The Symmetric Eigenvalue Problem", section 8.15.
 *
 * Squares of the entries must stay inside the range of doubles.
 *
 * @throws NumericalError when an eigenvalue needs more than 60 sweeps.
 */
import { NumericalError } from '../../../theory/errors.js';
import { largestMagnitude } from '../scaling.js';
import type { Tridiagonal } from './tridiagonalise.js';

const mostSweeps = 60;

export function tridiagonalEigenvalues({ diagonal, offDiagonal }: Tridiagonal): Float64Array {
  const d = diagonal.slice();
  const n = d.length;
  // A coupling below rounding of the norm is nothing, even between two diagonal entries that are themselves rounding.
  const floor = (Number.EPSILON * Math.max(largestMagnitude(d), largestMagnitude(offDiagonal))) ** 2;
  const squares = offDiagonal.map((coupling) => coupling * coupling);
  for (let first = 0; first < n; first += 1) {
    for (let sweep = 0; ; sweep += 1) {
      let last = first;
      while (last < n - 1 && squares[last]! > floor) last += 1;
      if (last === first) break;
      if (sweep === mostSweeps)
        throw new NumericalError(`eigenvalue ${first} of ${n} did not converge in ${mostSweeps} QL sweeps`);
      sweepRootFree(d, squares, first, last);
    }
  }
  return d.sort();
}

/** One QL sweep from row `last` up to row `first`. */
function sweepRootFree(d: Float64Array, squares: Float64Array, first: number, last: number): void {
  const coupling = Math.sqrt(squares[first]!);
  const half = (d[first + 1]! - d[first]!) / (2 * coupling);
  const root = Math.sqrt(half * half + 1);
  const shift = d[first]! - coupling / (half + (half < 0 ? -root : root));
  let cosine = 1;
  let sine = 0;
  let gamma = d[last]! - shift;
  let pivot = gamma * gamma;
  for (let i = last - 1; i >= first; i -= 1) {
    const square = squares[i]!;
    const length = pivot + square;
    if (i < last - 1) squares[i + 1] = sine * length;
    const lastCosine = cosine;
    cosine = pivot / length;
    sine = square / length;
    const lastGamma = gamma;
    const entry = d[i]!;
    gamma = cosine * (entry - shift) - sine * lastGamma;
    d[i + 1] = lastGamma + (entry - gamma);
    // A pivot of zero is a rotation by a right angle.
    pivot = cosine === 0 ? lastCosine * square : (gamma * gamma) / cosine;
  }
  squares[first] = sine * pivot;
  d[first] = shift + gamma;
}
