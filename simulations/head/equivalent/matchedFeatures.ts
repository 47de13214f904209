/**
 * Normal features that have, as a set, the very mean and covariance of given ones: z of N×r white to the last digit, h = m + L z with
 * L Lᵀ the covariance of rank r. Where the given ones are independent and normal, mean and covariance are sufficient and these
 * are drawn from the conditional distribution given both, so that the given set is exchangeable with them: a test by rank is exact,
 * and nothing is estimated or shrunk (for such tests B. H. Lindqvist and G. Taraldsen, Biometrika 92 (2005)).
 *
 * Features that a norm has gone over are divided by it again, and made to match again, in turns.
 */
import type { Backend, Workspace } from '../../contracts.js';
import { choleskyFactor } from '../../inputs/index.js';
import { pivotedCholesky } from '../../linalg/pivotedCholesky.js';

export interface MatchedFeatures {
  /** r, at most D and N − 1. */
  readonly rank: number;
  /** From N×r numbers, one sample a row, of any distribution: N×D. */
  of(latent: Float64Array): Float64Array;
}

/** Normalised sets stop when norms are as near to 1 as this: small beside the 1/√N by which moments of a set vary. */
const tolerance = 1e-3;
const mostTurns = 40;

/**
 * @param features h, N×D, N ≥ 3
 * @param metric weights w with Σ_k w_k h_k² = 1, where features are normalised
 */
export function matchedFeatures(
  features: Float64Array,
  samples: number,
  metric: Float64Array | undefined,
  backend: Backend,
): MatchedFeatures {
  const dimension = features.length / samples;
  const ones = new Float64Array(samples).fill(1);
  const own = backend.createWorkspace(dimension, samples);
  own.inputs.set(features);
  const mean = centre(own.inputs, dimension);
  const { factor, rank } = pivotedCholesky(own.weightedGram(ones), dimension);
  const latents = backend.createWorkspace(rank, samples);
  const origin = metric === undefined ? undefined : inLatentSpace(mean, factor, rank);
  const product = new Float64Array(Math.max(dimension, rank) * samples);
  /** The N rows of the workspace times the rows of a matrix. */
  const times = (matrix: Float64Array, count: number): Float64Array => {
    latents.project(matrix, count, product);
    const out = new Float64Array(samples * count);
    for (let n = 0; n < samples; n++) for (let k = 0; k < count; k++) out[n * count + k] = product[k * samples + n]!;
    return out;
  };
  const whiten = (): void => {
    centre(latents.inputs, rank);
    const whitening = inverseOfLower(choleskyFactor(latents.weightedGram(ones), rank), rank);
    latents.inputs.set(times(whitening, rank));
  };
  const placed = (): Float64Array => times(factor, dimension).map((value, at) => value + mean[at % dimension]!);
  return {
    rank,
    of(latent) {
      latents.inputs.set(latent);
      whiten();
      let found = placed();
      if (metric === undefined || origin === undefined) return found;
      for (let turn = 0; turn < mostTurns; turn++) {
        const scale = scalesOf(found, metric);
        for (let at = 0; at < found.length; at++) found[at]! *= scale[Math.floor(at / dimension)]!;
        if (scale.every((each) => Math.abs(each - 1) < tolerance)) break;
        scaleAbout(latents, origin, scale);
        whiten();
        found = placed();
      }
      return found;
    },
  };
}

/** Takes the mean of the rows away, and returns it. */
function centre(rows: Float64Array, length: number): Float64Array {
  const mean = new Float64Array(length);
  const count = rows.length / length;
  for (let at = 0; at < rows.length; at++) mean[at % length]! += rows[at]! / count;
  for (let at = 0; at < rows.length; at++) rows[at]! -= mean[at % length]!;
  return mean;
}

/** 1/√(Σ_k w_k h_k²) of each row. */
function scalesOf(rows: Float64Array, metric: Float64Array): Float64Array {
  const { length: dimension } = metric;
  return Float64Array.from({ length: rows.length / dimension }, (_, n) => {
    let sum = 0;
    for (let k = 0; k < dimension; k++) sum += metric[k]! * rows[n * dimension + k]! ** 2;
    return 1 / Math.sqrt(sum);
  });
}

/** What z becomes when m + L z is multiplied by a number, with m = L·origin. */
function scaleAbout({ inputs, dimension }: Workspace, origin: Float64Array, scale: Float64Array): void {
  for (let at = 0; at < inputs.length; at++) {
    const start = origin[at % dimension]!;
    inputs[at] = scale[Math.floor(at / dimension)]! * (start + inputs[at]!) - start;
  }
}

/** μ of the least |m − L μ|, by LᵀL μ = Lᵀ m. */
function inLatentSpace(mean: Float64Array, factor: Float64Array, rank: number): Float64Array {
  const normal = new Float64Array(rank * rank);
  const right = new Float64Array(rank);
  mean.forEach((value, k) => {
    const row = factor.subarray(k * rank, (k + 1) * rank);
    for (let i = 0; i < rank; i++) {
      right[i]! += row[i]! * value;
      for (let j = 0; j < rank; j++) normal[i * rank + j]! += row[i]! * row[j]!;
    }
  });
  const inverse = inverseOfLower(choleskyFactor(normal, rank), rank);
  const half = Float64Array.from({ length: rank }, (_, i) => {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += inverse[i * rank + j]! * right[j]!;
    return sum;
  });
  return Float64Array.from({ length: rank }, (_, i) => {
    let sum = 0;
    for (let j = i; j < rank; j++) sum += inverse[j * rank + i]! * half[j]!;
    return sum;
  });
}

/** L⁻¹, row by row; a zero pivot gives a zero row. */
function inverseOfLower(lower: Float64Array, order: number): Float64Array {
  const inverse = new Float64Array(order * order);
  for (let i = 0; i < order; i++) {
    const pivot = lower[i * (order + 1)]!;
    if (pivot === 0) continue;
    const row = inverse.subarray(i * order, (i + 1) * order);
    for (let k = 0; k < i; k++) {
      const factor = lower[i * order + k]!;
      for (let j = 0; j <= k; j++) row[j]! -= factor * inverse[k * order + j]!;
    }
    row[i] = 1;
    for (let j = 0; j <= i; j++) row[j]! /= pivot;
  }
  return inverse;
}
