import { cancels, prefersSharedGram, type NormCosts, type ScaledWeights, type SignedSquares } from './gramPlan.js';

/**
 * Squared norms of several H = (1/N) Σ a_n x_n x_nᵀ over the same samples. One Gram of the samples serves all of them:
 * ‖H‖² = N⁻² Σ_nm a_n a_m (x_n·x_m)². It comes by panels of samples with all before them, and is never held.
 */
export interface SquaredProducts {
  readonly normCosts: NormCosts;
  /** Fixes the samples, by their numbers. */
  takeSamples(index: Uint32Array): void;
  /**
   * Σ_{m<end} a_rm (x_n·x_m)² for n = first … end − 1, a panel of the samples taken, and each of `rows` rows of their weights:
   * rows×(end − first).
   */
  weighSquares(weights: Float64Array, rows: number, first: number, end: number): Float64Array;
}

/** ‖H‖² of one block by a Gram of its own. */
export interface SingleSquares {
  /** Σ H_ij². */
  primalSquares(weights: ScaledWeights): number;
  /** By the entries of B Bᵀ, L×L. */
  dualSquares(weights: ScaledWeights): SignedSquares;
}

/**
 * Samples of a panel: whole tiles of the embedded kernels, of 4 and 6. Of more samples more pairs are met twice; fewer
 * cost a BLAS its speed.
 */
export const panelSamples = 48;

/**
 * ‖H‖² for each of the lists by the cheapest ways.
 *
 * Rounding: with q the same for |a_n| and t = (1/N) Σ |a_n| |x_n|², pairs of L samples lose at most 2d·u·t√q + (2L + 8)·u·q,
 * u = 2⁻⁵³. Where weights of both signs leave too little of q, the entries of H are squared instead.
 */
export function squaredNorms(
  lists: readonly ScaledWeights[],
  dimension: number,
  ways: SquaredProducts & SingleSquares,
): Float64Array {
  const shared = sharedSquares(lists, dimension, ways);
  return Float64Array.from(lists, (weights, k) => {
    const live = weights.values.length;
    if (live === 0) return 0;
    const found = shared?.[k] ?? (live < dimension ? ways.dualSquares(weights) : undefined);
    return found === undefined || cancels(found) ? ways.primalSquares(weights) : found.norm;
  });
}

/** By the shared Gram, or undefined where it costs more than it saves. */
function sharedSquares(
  lists: readonly ScaledWeights[],
  dimension: number,
  ways: SquaredProducts,
): SignedSquares[] | undefined {
  const index = union(lists);
  // Below weights of both signs stand their magnitudes.
  const rowsOf = lists.map(({ positive, negative }) => (positive > 0 && negative > 0 ? 2 : 1));
  const rows = rowsOf.reduce((sum, count) => sum + count, 0);
  if (!prefersSharedGram(lists, index.length, rows, dimension, ways.normCosts)) return undefined;
  const halves = new Float64Array(rows * index.length);
  let start = 0;
  lists.forEach(({ index: own, scaled }, k) => {
    const magnitudes = rowsOf[k] === 2 ? start + index.length : undefined;
    for (let s = 0, at = 0; s < own.length; s += 1) {
      while (index[at]! < own[s]!) at += 1;
      halves[start + at] = scaled[s]! / 2;
      if (magnitudes !== undefined) halves[magnitudes + at] = Math.abs(scaled[s]!) / 2;
    }
    start += rowsOf[k]! * index.length;
  });
  ways.takeSamples(index);
  const sums = sumsOverPairs(halves, rows, index.length, ways);
  let row = 0;
  return rowsOf.map((count) => {
    row += count;
    return { norm: sums[row - count]!, size: sums[row - 1]! };
  });
}

/** Σ_nm a_n a_m (x_n·x_m)² for each row a/2 of `halves`, which is lost. */
function sumsOverPairs(halves: Float64Array, rows: number, count: number, ways: SquaredProducts): Float64Array {
  const sums = new Float64Array(rows);
  for (let first = 0; first < count; first += panelSamples) {
    const end = Math.min(first + panelSamples, count);
    // A pair within the panel is met twice, one with a sample before it once: weights of those have been doubled.
    const weighed = ways.weighSquares(halves, rows, first, end);
    for (let r = 0, from = 0; r < rows; r += 1) {
      let sum = 0;
      for (let n = r * count + first; n < r * count + end; n += 1, from += 1) {
        sum += halves[n]! * weighed[from]!;
        halves[n]! *= 2;
      }
      sums[r]! += 4 * sum;
    }
  }
  return sums;
}

/** Numbers of all samples that are live in one of the lists, ascending. */
function union(lists: readonly ScaledWeights[]): Uint32Array {
  const live = new Uint8Array(1 + Math.max(-1, ...lists.map(({ index }) => index.at(-1) ?? -1)));
  for (const { index } of lists) for (let s = 0; s < index.length; s += 1) live[index[s]!] = 1;
  const index = new Uint32Array(live.length);
  let count = 0;
  for (let n = 0; n < live.length; n += 1) if (live[n] === 1) index[count++] = n;
  return index.subarray(0, count);
}
