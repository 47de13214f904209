/** The largest eigenvalues of a spectrum, one after the other, each against the edge of what is left without it and those above. */
import { largestEigenvalueScaling } from '../../../theory/whiteBulk/index.js';
import type { BulkScales, ScaleAndDegrees } from './bulkScales.js';

export interface BulkPath {
  /**
   * (y m/s_k − centre)/unit of the k-th largest eigenvalue, k = 1, 2, …, as the largest of n − k + 1, with the scale s_k of
   * the bulk without it; at 0 the largest with the scale that includes it.
   */
  readonly scores: Float64Array;
  /** With k taken off. */
  readonly fits: readonly ScaleAndDegrees[];
}

/** How many eigenvalues are tried: a bulk of 60 % must remain. */
export function searchLimit(rank: number): number {
  return Math.max(1, Math.floor(0.4 * rank));
}

/** @param values ascending, in units of λ N/m */
export function bulkPath(values: Float64Array, scales: BulkScales, most = searchLimit(scales.rank)): BulkPath {
  const fits = scales.scalesOf(values, most);
  const scores = Float64Array.from(fits, (fit, k) =>
    scoreOf(values[values.length - Math.max(k, 1)]!, fit, scales.rank, Math.max(k - 1, 0)),
  );
  return { scores, fits };
}

/** Of an eigenvalue as the largest of the rank − above that are left. */
export function scoreOf(value: number, { scale, degrees }: ScaleAndDegrees, rank: number, above: number): number {
  const { centre, unit } = largestEigenvalueScaling(rank - above, degrees - above);
  return ((value * degrees) / scale - centre) / unit;
}
