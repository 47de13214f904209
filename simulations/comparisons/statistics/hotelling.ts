import { UsageError } from '../../../theory/errors.js';
import { incompleteBeta } from '../distributions/incompleteBeta.js';
import { whiten } from './whiten.js';

export interface HotellingTest {
  /** T² = n (x̄ − μ)ᵀ S⁻¹ (x̄ − μ) */
  readonly statistic: number;
  /** p: components that are not linear functions of others. */
  readonly degrees: number;
  readonly draws: number;
  readonly pValue: number;
  /** Student's t of each component by itself. */
  readonly zScores: readonly number[];
}

/** Independent rows by their number, their mean and their covariance (divisor n − 1): all that a test of means reads. */
export interface RowMoments {
  readonly count: number;
  readonly mean: ArrayLike<number>;
  readonly covariance: readonly ArrayLike<number>[];
}

export function momentsOfRows(rows: readonly ArrayLike<number>[]): RowMoments {
  const order = rows[0]?.length ?? 0;
  const mean = new Float64Array(order);
  for (const row of rows) {
    if (row.length !== order)
      throw new UsageError(`momentsOfRows: every row must have ${order} components, got ${row.length}`);
    for (let i = 0; i < order; i++) mean[i]! += row[i]! / rows.length;
  }
  const covariance = Array.from({ length: order }, () => new Float64Array(order));
  for (const row of rows) {
    for (let i = 0; i < order; i++) {
      for (let j = 0; j < order; j++)
        covariance[i]![j]! += ((row[i]! - mean[i]!) * (row[j]! - mean[j]!)) / (rows.length - 1);
    }
  }
  return { count: rows.length, mean, covariance };
}

/** The moments of several sets of rows taken together, from those of each. */
export function joinMoments(sets: readonly RowMoments[]): RowMoments {
  const count = sets.reduce((sum, set) => sum + set.count, 0);
  const order = sets[0]?.mean.length ?? 0;
  const mean = new Float64Array(order);
  for (const set of sets) for (let i = 0; i < order; i++) mean[i]! += (set.count * set.mean[i]!) / count;
  const covariance = Array.from({ length: order }, () => new Float64Array(order));
  for (const set of sets) {
    for (let i = 0; i < order; i++) {
      for (let j = 0; j < order; j++) {
        const between = set.count * (set.mean[i]! - mean[i]!) * (set.mean[j]! - mean[j]!);
        covariance[i]![j]! += ((set.count - 1) * set.covariance[i]![j]! + between) / (count - 1);
      }
    }
  }
  return { count, mean, covariance };
}

/**
 * Several means at once over independent draws, with the covariance estimated from the draws themselves: Hotelling's
 * T², (n − p)/(p(n − 1)) T² ~ F(p, n − p). For statistics whose spread between draws has no formula: Frobenius norms
 * over draws of V, or the entries of an output block over its samples. Exact for Gaussian rows; with skewed ones keep n
 * ≥ 5 p.
 *
 * Throws UsageError when there are no more rows than components.
 */
export function hotellingTest({ count, mean, covariance }: RowMoments, predicted: ArrayLike<number>): HotellingTest {
  const order = predicted.length;
  if (count <= order) throw new UsageError(`hotellingTest: needs more draws than components (${order}), got ${count}`);
  if (mean.length !== order)
    throw new UsageError(`hotellingTest: needs a prediction for each of ${mean.length} components, got ${order}`);
  const gap = Float64Array.from(mean, (value, i) => value - predicted[i]!);
  const whitening = whiten(covariance);
  const degrees = whitening.degrees;
  let statistic = 0;
  for (const value of whitening.apply(gap)) if (!Number.isNaN(value)) statistic += count * value * value;
  const zScores = Array.from(gap, (value, i) => value / Math.sqrt(covariance[i]![i]! / count));
  // P(F(p, q) > f) = I_{q/(q + p f)}(q/2, p/2), and p f/q = T²/(n − 1).
  const x = 1 / (1 + statistic / (count - 1));
  const pValue = degrees === 0 ? 1 : incompleteBeta((count - degrees) / 2, degrees / 2, x, 1 - x).lower;
  return { statistic, degrees, draws: count, pValue, zScores };
}
