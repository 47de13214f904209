import type { Outlier } from '../contracts.js';
import { UsageError } from '../errors.js';
import type { BulkLaw } from './bulkLaw.js';
import { findOutliers } from './findOutliers.js';

export interface OutliersFromSamplesOptions {
  /** The N weights a_n as drawn. */
  readonly weights: ArrayLike<number>;
  /** k×N: row r holds the coordinate of every x_n along the r-th of k orthonormal directions. */
  readonly coordinates: ArrayLike<number>;
  /** k. */
  readonly rank: number;
  /** γ = d/N. */
  readonly aspectRatio: number;
  /** The bulk law, built from the same weights. */
  readonly law: BulkLaw;
}

/**
 * Outliers given the drawn weights and projections: the moment matrix is (1/N) Σ a_n/(1 + γ a_n m) g_n g_nᵀ. What remains random is
 * the part of x_n orthogonal to the projections; it moves an outlier by O(d^{-1/2}) around the value returned.
 *
 * @throws UsageError when lengths disagree
 */
export function outliersFromSamples(options: OutliersFromSamplesOptions): Outlier[] {
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
  const weightMoments = (t: number): Float64Array => {
    const shares = new Float64Array(samples);
    for (let n = 0; n < samples; n++) shares[n] = weights[n]! / (1 + aspectRatio * weights[n]! * t) / samples;
    const matrix = new Float64Array(rank * rank);
    for (let row = 0; row < rank; row++) {
      for (let column = 0; column <= row; column++) {
        let sum = 0;
        for (let n = 0; n < samples; n++) {
          sum += shares[n]! * coordinates[row * samples + n]! * coordinates[column * samples + n]!;
        }
        matrix[row * rank + column] = sum;
        matrix[column * rank + row] = sum;
      }
    }
    return matrix;
  };
  return findOutliers({ law, weightMoments, rank });
}
