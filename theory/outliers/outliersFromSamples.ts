import type { Outlier } from '../contracts.js';
import { UsageError } from '../errors.js';
import { type BulkLaw, inverseMapByReciprocal, reciprocalAtEdge } from '../gmp/bulkLaw.js';
import { generalisedMarchenkoPastur } from '../gmp/generalisedMarchenkoPastur.js';
import { findOutliers } from './findOutliers.js';
import { symmetricEigenvalues } from '../numerics/symmetricEigenvalues.js';

/** Weights as drawn, with the coordinates of x that they depend on. */
export interface OutliersFromSamplesOptions {
  /** The N weights a_n as drawn. */
  readonly weights: ArrayLike<number>;
  /** k×N: row r holds the coordinate of every x_n along the r-th of k orthonormal directions. */
  readonly coordinates: ArrayLike<number>;
  /** k. */
  readonly rank: number;
  /** γ = d/N. */
  readonly aspectRatio: number;
  /** The bulk law at γ, built from the same weights. */
  readonly law: BulkLaw;
}

/** An outlier given the draw, with the standard deviation that the rest of the data gives it. */
export interface SampledOutlier extends Outlier {
  readonly deviation: number;
}

/**
 * Outliers given the drawn weights and projections: the moment matrix is (1/N) Σ a_n/(1 + γ a_n m) g_n g_nᵀ.
 *
 * The bulk it is coupled to lives in the d − k dimensions orthogonal to the projections, so the equation is solved in
 * the law of the same weights at aspect ratio (d − k)/N; at d = 100, k = 10 that moves an outlier by a standard
 * deviation. Only roots outside the support of `law` itself are returned.
 *
 * What remains random is the part of x_n orthogonal to the projections. It makes the k×k Schur complement a quadratic
 * form with Gaussian fluctuations of variance (2γ m′/N) B², B = (1/N) Σ (a/(1 + γ a m))² (v·g)² along the outlier's
 * direction v, so a simple outlier has standard deviation √(2γ m′/N) B / (1 + γ m′ B) (paper-notes.md, outliers), to
 * leading order and away from the edge: as an outlier comes nearer to the edge than about d^{-2/3} of the bulk, the
 * edge's own fluctuation takes over.
 *
 * @throws UsageError when lengths disagree, or a weight that the law cannot have
 */
export function outliersFromSamples(options: OutliersFromSamplesOptions): SampledOutlier[] {
  const { weights, coordinates, rank, aspectRatio, law } = options;
  const samples = weights.length;
  if (!Number.isInteger(rank) || rank < 1) {
    throw new UsageError(`outliersFromSamples: rank must be a positive integer, got ${rank}`);
  }
  if (coordinates.length !== rank * samples) {
    throw new UsageError(
      `outliersFromSamples: coordinates must hold rank × N = ${rank * samples} numbers, got ${coordinates.length}`,
    );
  }
  const dimension = Math.round(aspectRatio * samples);
  const reducedRatio = dimension > rank ? (dimension - rank) / samples : aspectRatio;
  const reduced = generalisedMarchenkoPastur(law.weights, reducedRatio);
  requireNoPoleOutside(weights, reduced);
  const weightMoments = (t: number): Float64Array => {
    const matrix = new Float64Array(rank * rank);
    // Entry by entry for each sample: a sum alone would wait for each of its additions.
    for (let n = 0; n < samples; n++) {
      const share = weights[n]! / (1 + reducedRatio * weights[n]! * t) / samples;
      for (let row = 0; row < rank; row++) {
        const shared = share * coordinates[row * samples + n]!;
        for (let column = 0; column <= row; column++)
          matrix[row * rank + column]! += shared * coordinates[column * samples + n]!;
      }
    }
    for (let row = 0; row < rank; row++)
      for (let column = 0; column < row; column++) matrix[column * rank + row] = matrix[row * rank + column]!;
    return matrix;
  };
  return findOutliers({ law: reduced, weightMoments, rank })
    .filter(({ at }) => law.support.every(([lower, upper]) => at < lower || at > upper))
    .map((outlier) => {
      const m = reduced.stieltjes({ re: outlier.at, im: 0 }).re;
      const slope = branchSlope((t) => symmetricEigenvalues(weightMoments(t), rank), m, outlier.at);
      // m′(λ) = 1/z′(m), and z′(m) = −u² dx/du at u = 1/m.
      const derivative = -(m * m) / inverseMapByReciprocal(reduced, 1 / m).slope;
      const strength = -slope / reducedRatio;
      const deviation =
        (Math.sqrt((2 * reducedRatio * derivative) / samples) * strength) / (1 + reducedRatio * derivative * strength);
      return { ...outlier, deviation };
    });
}

/** A weight with its pole beyond the law's edges belongs to another law, and would spoil the count of roots. */
function requireNoPoleOutside(weights: ArrayLike<number>, law: BulkLaw): void {
  if (law.support.length === 0) return;
  const below = reciprocalAtEdge(law, law.support[0]![0]);
  const above = reciprocalAtEdge(law, law.support.at(-1)![1]);
  for (let n = 0; n < weights.length; n++) {
    const weight = weights[n]!;
    if (weight === 0 || (below + law.aspectRatio * weight > 0 && above + law.aspectRatio * weight < 0)) continue;
    const [lower, upper] = [-below / law.aspectRatio, -above / law.aspectRatio];
    throw new UsageError(
      `outliersFromSamples: weight ${weight} at index ${n} must lie between ${lower} and ${upper} for this law; build the law from the same weights`,
    );
  }
}

/** d/dm of the eigenvalue branch that equals λ at m. */
function branchSlope(branches: (t: number) => Float64Array, m: number, at: number): number {
  const values = branches(m);
  const branch = values.reduce((best, value, b) => (Math.abs(value - at) < Math.abs(values[best]! - at) ? b : best), 0);
  const step = 1e-5 * Math.abs(m);
  return (branches(m + step)[branch]! - branches(m - step)[branch]!) / (2 * step);
}
