/**
 * How to get the spectrum of H = (1/N) Σ a_n x_n x_nᵀ most cheaply.
 *
 * With L live (non-zero) weights, H = Bᵀ S B for the L×d matrix B of rows √(|a_n|/N) x_n and S the diagonal of signs.
 * The rank is at most L, and the non-zero eigenvalues are those of S B Bᵀ: with one sign those of ±B Bᵀ itself, with
 * both signs those of Λᵀ S Λ where B Bᵀ = Λ Λᵀ (Cholesky). Either is L×L.
 */
export type GramMethod = 'zero' | 'primal' | 'dual' | 'signedDual';

export interface LiveWeights {
  /** Indices of the non-zero weights. */
  readonly index: Uint32Array;
  /** Their values. */
  readonly values: Float64Array;
  readonly positive: number;
  readonly negative: number;
}

/** Two L×L matrices must fit into the place of one d×d, and near L = d the Cholesky factor loses digits: L ≤ d/√2. */
const signedDualLimit = Math.SQRT1_2;

/**
 * Least ratio of pivot to diagonal entry (squared sine of the angle between a sample and those before it) at which a
 * Cholesky factor of the dual Gram is trusted with its digits; below it the primal Gram does the work.
 */
export const leastPivotRatio = 1e-3;

export function liveWeights(weights: Float64Array): LiveWeights {
  const index = new Uint32Array(weights.length);
  const values = new Float64Array(weights.length);
  let count = 0;
  let positive = 0;
  for (let n = 0; n < weights.length; n += 1) {
    const weight = weights[n]!;
    if (weight === 0) continue;
    index[count] = n;
    values[count] = weight;
    count += 1;
    if (weight > 0) positive += 1;
  }
  return { index: index.subarray(0, count), values: values.subarray(0, count), positive, negative: count - positive };
}

export function gramMethod(live: LiveWeights, dimension: number): GramMethod {
  const count = live.index.length;
  if (count === 0) return 'zero';
  if (count >= dimension) return 'primal';
  if (live.positive === 0 || live.negative === 0) return 'dual';
  return count <= signedDualLimit * dimension - 16 ? 'signedDual' : 'primal';
}

/** `nonZero` (ascending, or any order) and as many exact zeros as make `dimension` values, ascending. */
export function withZeros(nonZero: Float64Array, dimension: number): Float64Array {
  const all = new Float64Array(dimension);
  all.set(nonZero);
  return all.sort();
}

/**
 * A matrix of rank at most `rank` has `order − rank` eigenvalues that are exactly zero: those nearest to it become so.
 */
export function clearExactZeros(ascending: Float64Array, rank: number): Float64Array {
  const zeros = ascending.length - rank;
  if (zeros <= 0) return ascending;
  // The window of `zeros` consecutive values whose largest magnitude is least.
  let best = 0;
  let bestMagnitude = Infinity;
  for (let start = 0; start + zeros <= ascending.length; start += 1) {
    const magnitude = Math.max(-ascending[start]!, ascending[start + zeros - 1]!);
    if (magnitude < bestMagnitude) {
      bestMagnitude = magnitude;
      best = start;
    }
  }
  ascending.fill(0, best, best + zeros);
  return ascending;
}
