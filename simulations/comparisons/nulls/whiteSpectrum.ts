import { UsageError } from '../../../theory/errors.js';
import type { RandomStream } from '../../contracts.js';
import { chiSquareVariate } from '../../inputs/gammaVariate.js';
import { tridiagonalEigenvalues, tridiagonalEigenvaluesOfTwo } from '../../linalg/reference/tridiagonalEigenvalues.js';
import type { Tridiagonal } from '../../linalg/reference/tridiagonalise.js';

/**
 * Ascending eigenvalues of (1/N) Σ x_n x_nᵀ, x_n independent N(0, I_d), without the matrix: with r = min(d, N) and n =
 * max(d, N) the non-zero ones are those of B Bᵀ/N, B lower bidiagonal with independent entries χ_n, χ_{n−1}, … on the
 * diagonal and χ_{r−1}, χ_{r−2}, … below it (real Laguerre ensemble; Dumitriu and Edelman, J. Math. Phys. 43, 2002,
 * after Silverstein 1985). O(d²) where the drawn matrix costs O(d² N). Another draw than the matrix's from the same
 * stream, of the same law.
 *
 * Accuracy: 1e-13 of the largest eigenvalue; the d − r zeros are exact.
 *
 * @throws UsageError when d or N is not a positive whole number
 */
export function whiteSpectrum(stream: RandomStream, dimension: number, samples: number): Float64Array {
  return spectrumOf(tridiagonalEigenvalues(laguerreMatrix(stream, dimension, samples)), dimension);
}

/** One spectrum from each stream, the same numbers in less time. */
export function whiteSpectra(streams: readonly RandomStream[], dimension: number, samples: number): Float64Array[] {
  const matrices = streams.map((stream) => laguerreMatrix(stream, dimension, samples));
  const out: Float64Array[] = [];
  for (let r = 0; r < matrices.length; r += 2) {
    const [first, second] = [matrices[r]!, matrices[r + 1]];
    out.push(...(second === undefined ? [tridiagonalEigenvalues(first)] : tridiagonalEigenvaluesOfTwo(first, second)));
  }
  return out.map((values) => spectrumOf(values, dimension));
}

/** B Bᵀ/N */
function laguerreMatrix(stream: RandomStream, dimension: number, samples: number): Tridiagonal {
  for (const [name, value] of [
    ['dimension', dimension],
    ['samples', samples],
  ] as const) {
    if (!Number.isInteger(value) || value < 1)
      throw new UsageError(`whiteSpectrum: ${name} must be a positive whole number, got ${value}`);
  }
  const rank = Math.min(dimension, samples);
  const longer = Math.max(dimension, samples);
  const diagonal = new Float64Array(rank);
  const offDiagonal = new Float64Array(rank);
  let subdiagonal = 0;
  for (let i = 0; i < rank; i++) {
    const square = chiSquareVariate(stream, longer - i);
    diagonal[i] = (square + subdiagonal) / samples;
    if (i === rank - 1) break;
    subdiagonal = chiSquareVariate(stream, rank - 1 - i);
    offDiagonal[i] = Math.sqrt(square * subdiagonal) / samples;
  }
  return { diagonal, offDiagonal };
}

/** With its zeros. An eigenvalue that is positive may come out as minus its rounding. */
function spectrumOf(values: Float64Array, dimension: number): Float64Array {
  const all = new Float64Array(dimension);
  all.set(values, dimension - values.length);
  return all.map((value) => Math.max(0, value)).sort();
}
