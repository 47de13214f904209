import { UsageError } from '../../../theory/errors.js';
import { pearsonThreeSurvival } from '../distributions/pearsonThree.js';

/** Null values of a statistic of which large values reject. */
export interface NullReference {
  readonly count: number;
  readonly mean: number;
  readonly standardDeviation: number;
  readonly skewness: number;
  /**
   * (1 + #{null ≥ observed})/(1 + M), exact, as long as a null value reaches the observed one; beyond the largest of
   * them the tail of a shifted gamma law with their mean, variance and skewness, or 1/(1 + M) if that is smaller; never below 1e-12. So the
   * p-value is exact at levels from 1/(1 + M) up, and at lower ones rejects a truth in at most 1/(1 + M) of cases.
   */
  pValue(observed: number): number;
}

/** Fewer values carry no tail: their skewness would be a guess. */
const fewest = 19;

/** No shape fitted to some hundred values says more of a tail than this. */
const smallest = 1e-12;

/** @throws UsageError for fewer than 19 values or one that is not finite */
export function nullReference(values: ArrayLike<number>): NullReference {
  const count = values.length;
  if (count < fewest) throw new UsageError(`nullReference: at least ${fewest} null values are needed, got ${count}`);
  const sorted = Float64Array.from(values).sort();
  if (!Number.isFinite(sorted[0]!) || !Number.isFinite(sorted[count - 1]!))
    throw new UsageError('nullReference: null values must be finite');
  const mean = sorted.reduce((sum, value) => sum + value / count, 0);
  let square = 0;
  let cube = 0;
  for (const value of sorted) {
    square += (value - mean) ** 2;
    cube += (value - mean) ** 3;
  }
  const variance = square / (count - 1);
  const standardDeviation = Math.sqrt(variance);
  // The mean is estimated from the same values: a new one lies √(1 + 1/M) standard deviations about it.
  const spread = standardDeviation * Math.sqrt(1 + 1 / count);
  const skewness = variance === 0 ? 0 : (cube * count) / ((count - 1) * (count - 2)) / standardDeviation ** 3;
  return {
    count,
    mean,
    standardDeviation,
    skewness,
    pValue(observed) {
      if (Number.isNaN(observed)) throw new UsageError('nullReference: observed must be a number, got NaN');
      const atLeast = count - firstAtLeast(sorted, observed);
      const exact = (1 + atLeast) / (1 + count);
      // Equal null values say that a larger one is rare, not how rare.
      if (atLeast > 0 || standardDeviation === 0) return exact;
      return Math.min(exact, Math.max(smallest, pearsonThreeSurvival(observed, mean, spread, skewness)));
    },
  };
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
