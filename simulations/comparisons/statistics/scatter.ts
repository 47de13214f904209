import { UsageError } from '../../../theory/errors.js';
import { whiten } from './whiten.js';

/** Mean and covariance of vectors, and how far each of them, and any other, lies from the rest. */
export interface Scatter {
  readonly mean: Float64Array;
  readonly covariance: readonly Float64Array[];
  /** Components that are not linear functions of others. */
  readonly degrees: number;
  /** Mahalanobis' distance, squared, of each row from the mean of the others, with the covariance of the others. */
  readonly distances: Float64Array;
  /** That of another vector from all rows: of the same law as `distances` when the vector is one more of them. */
  distanceOf(vector: ArrayLike<number>): number;
}

/**
 * The squared distance of a vector from a cloud of M rows. Leaving each row out of its own mean and covariance makes
 * the rows' distances comparable with that of a vector that was never among them (Hotelling's law with M − 1 in the
 * place of M). From one factorisation: with q = uᵀ((M − 1)S)⁻¹u, u = row − mean,
 *   distance = (M/(M − 1))² (M − 2) q/(1 − q M/(M − 1)).
 *
 * @throws UsageError for rows of different lengths, or fewer than two more of them than components
 */
export function scatterOf(rows: readonly ArrayLike<number>[]): Scatter {
  const count = rows.length;
  const order = rows[0]?.length ?? 0;
  if (count < order + 3)
    throw new UsageError(`scatterOf: needs at least ${order + 3} rows of ${order} components, got ${count}`);
  const mean = new Float64Array(order);
  for (const row of rows) {
    if (row.length !== order)
      throw new UsageError(`scatterOf: every row must have ${order} components, got ${row.length}`);
    for (let i = 0; i < order; i++) mean[i]! += row[i]! / count;
  }
  const covariance = Array.from({ length: order }, () => new Float64Array(order));
  for (const row of rows)
    for (let i = 0; i < order; i++)
      for (let j = 0; j < order; j++) covariance[i]![j]! += ((row[i]! - mean[i]!) * (row[j]! - mean[j]!)) / (count - 1);
  const { degrees, apply } = whiten(covariance);
  const distanceOf = (vector: ArrayLike<number>): number => {
    let sum = 0;
    for (const value of apply(mean.map((centre, i) => vector[i]! - centre)))
      if (!Number.isNaN(value)) sum += value ** 2;
    return sum;
  };
  const others = count - 1;
  const distances = Float64Array.from(rows, (row) => {
    const share = distanceOf(row) / others;
    return ((count / others) ** 2 * (count - 2) * share) / (1 - (share * count) / others);
  });
  return { mean, covariance, degrees, distances, distanceOf };
}
