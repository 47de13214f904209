import { momentsOfRows, monteCarloPValue, whiten } from '../../comparisons/index.js';

/**
 * p-value of a row among others: how far it lies from their mean, in the metric of their covariance, by rank. Mean and covariance
 * are those of all rows with this one among them, so that all are treated alike and the p-value is exact where they are exchangeable.
 */
export function placeAmong(row: readonly number[], others: readonly (readonly number[])[]): number {
  const rows = [row, ...others];
  const { mean, covariance } = momentsOfRows(rows);
  const whitening = whiten(covariance);
  const distances = rows.map((values) => {
    let sum = 0;
    for (const white of whitening.apply(values.map((value, i) => value - mean[i]!)))
      if (!Number.isNaN(white)) sum += white * white;
    return sum;
  });
  return monteCarloPValue(distances[0]!, distances.slice(1));
}
