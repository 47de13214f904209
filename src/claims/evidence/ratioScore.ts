import type { RowMoments } from '../../../simulations/comparisons/index.js';

/** A ratio of expectations as claimed, with the error of the claim itself; 0 where it is exact. */
export interface ClaimedRatio {
  readonly ratio: number;
  readonly error: number;
}

/** The first of two means over draws less r times the second, in standard errors that count the error of r. */
export interface RatioScore {
  readonly score: number;
  /** Of the difference, for so many draws. */
  errorOf(draws: number): number;
}

/** Normal for many draws: the mean of a difference whose expectation is 0 if r is right, without linearisation of a quotient. */
export function ratioScore({ count, mean, covariance }: RowMoments, { ratio, error }: ClaimedRatio): RatioScore {
  const spread = differenceSpread(covariance, ratio);
  const errorOf = (draws: number): number => Math.hypot(spread / Math.sqrt(draws), error * mean[1]!);
  return { score: (mean[0]! - ratio * mean[1]!) / errorOf(count), errorOf };
}

/** Quotient of the two means, and its standard error by the delta method. */
export function ratioOfMoments({ count, mean, covariance }: RowMoments): ClaimedRatio {
  const ratio = mean[0]! / mean[1]!;
  return { ratio, error: differenceSpread(covariance, ratio) / Math.sqrt(count) / mean[1]! };
}

/** Standard deviation of the first less `ratio` times the second in one draw. */
function differenceSpread(covariance: RowMoments['covariance'], ratio: number): number {
  const [a, b, c] = [covariance[0]![0]!, covariance[0]![1]!, covariance[1]![1]!];
  return Math.sqrt(a - 2 * ratio * b + ratio * ratio * c);
}
