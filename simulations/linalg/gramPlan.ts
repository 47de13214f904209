import { checkWeights } from './checks.js';
import { largestMagnitude, powerOfTwoScale } from './scaling.js';

/**
 * How to get the spectrum of H = (1/N) Σ a_n x_n x_nᵀ most cheaply.
 *
 * With L live (non-zero) weights, H = Bᵀ S B for the L×d matrix B of rows √(|a_n|/N) x_n and S the diagonal of signs.
 * The rank is at most L, and the non-zero eigenvalues are those of S B Bᵀ: with one sign those of ±B Bᵀ itself, with
 * both signs those of Λᵀ S Λ where B Bᵀ = Λ Λᵀ (Cholesky). Either is L×L.
 */
type GramMethod = 'zero' | 'primal' | 'dual' | 'signedDual';

interface LiveWeights {
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

function liveWeights(weights: Float64Array): LiveWeights {
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

function gramMethod(live: LiveWeights, dimension: number): GramMethod {
  const count = live.index.length;
  if (count === 0) return 'zero';
  if (count >= dimension) return 'primal';
  if (live.positive === 0 || live.negative === 0) return 'dual';
  return count <= signedDualLimit * dimension - 16 ? 'signedDual' : 'primal';
}

/** The live weights as the solvers take them: by N, in units of a power of two that keeps their products in range. */
export interface ScaledWeights extends LiveWeights {
  readonly scaled: Float64Array;
  /** A sum of scaled weights in the units of the weights. */
  readonly up: (x: number) => number;
}

/** @throws UsageError for weights of a wrong number or not finite */
export function scaledWeights(weights: Float64Array, samples: number): ScaledWeights {
  checkWeights(weights, samples);
  const scale = powerOfTwoScale(largestMagnitude(weights));
  const [first, second] = scale.downFactors;
  const live = liveWeights(weights);
  const scaled = new Float64Array(live.values.length);
  for (let s = 0; s < scaled.length; s += 1) scaled[s] = (live.values[s]! * first * second) / samples;
  return { ...live, scaled, up: scale.up };
}

/** A backend's ways to eigenvalues, of which the last always leads to them. */
export interface GramEigenvalues {
  /** Of B Bᵀ, L values. */
  dual(weights: ScaledWeights): Float64Array;
  /** Of S B Bᵀ, L values, or undefined when the samples are too nearly dependent for this way. */
  signedDual(weights: ScaledWeights): Float64Array | undefined;
  /** Of H itself, ascending. */
  primal(weights: ScaledWeights): Float64Array;
}

/** The `dimension` ascending eigenvalues of H by the cheapest way. */
export function gramEigenvalues(weights: ScaledWeights, dimension: number, ways: GramEigenvalues): Float64Array {
  const method = gramMethod(weights, dimension);
  if (method === 'zero') return new Float64Array(dimension);
  if (method === 'dual') {
    const values = ways.dual(weights);
    if (weights.positive === 0) for (let i = 0; i < values.length; i += 1) values[i] = -values[i]!;
    return withZeros(values, dimension);
  }
  if (method === 'signedDual') {
    const values = ways.signedDual(weights);
    if (values) return withZeros(values, dimension);
  }
  return clearExactZeros(ways.primal(weights), weights.values.length);
}

/** `nonZero` (ascending, or any order) and as many exact zeros as make `dimension` values, ascending. */
function withZeros(nonZero: Float64Array, dimension: number): Float64Array {
  const all = new Float64Array(dimension);
  all.set(nonZero);
  return all.sort();
}

/**
 * A matrix of rank at most `rank` has `order − rank` eigenvalues that are exactly zero: those nearest to it become so.
 */
function clearExactZeros(ascending: Float64Array, rank: number): Float64Array {
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

/** What a backend's ways to squared norms cost beside their products, in multiply-adds of those. */
export interface NormCosts {
  /** A coordinate of a sample that goes into a Gram, of either way. */
  readonly coordinate: number;
  /** An entry of the shared Gram, and again for each row of weights. */
  readonly entry: number;
  readonly row: number;
}

/**
 * Whether one Gram of all `live` samples costs less than a Gram for each list. Grams are symmetric: the half of both costs
 * is left out.
 */
export function prefersSharedGram(
  lists: readonly ScaledWeights[],
  live: number,
  rows: number,
  dimension: number,
  { coordinate, entry, row }: NormCosts,
): boolean {
  const single = lists.reduce(
    (sum, { values: { length } }) => sum + length * dimension * (Math.min(length, dimension) + coordinate),
    0,
  );
  return live * (dimension * (live + coordinate) + live * (entry + row * rows)) < single;
}

/** A squared norm as a sum over pairs of samples. */
export interface SignedSquares {
  readonly norm: number;
  /** The size of its terms: ‖(1/N) Σ |a_n| x_n x_nᵀ‖². */
  readonly size: number;
}

/** Sizes beyond this multiple of the norm cost it digits; draws have three times it at most. */
const largestCancellation = 16;

/** Whether too much of a sum cancels, or it is no number. */
export const cancels = ({ norm, size }: SignedSquares): boolean => !(size <= largestCancellation * norm);
