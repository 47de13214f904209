import type { Interval } from '../../../theory/contracts.js';
import { studentUpperQuantile } from '../distributions/studentT.js';

/** A mean of independent draws at one abscissa. */
export interface MeanAt {
  readonly x: number;
  readonly mean: number;
  /** Variance of the mean itself, s²/n. */
  readonly variance: number;
  /** Of that variance: n − 1. */
  readonly degrees: number;
}

export interface LineFit {
  readonly slope: number;
  /** Height at x = 0. */
  readonly intercept: number;
  readonly standardError: number;
  readonly degrees: number;
  readonly interval: Interval;
}

/**
 * Least squares, unweighted, through independent means: slope b = Σ c_i y_i, c_i = (x_i − x̄)/Σ (x_j − x̄)². Its standard
 * error uses the variance of each mean, which may differ, and not the residuals of the line: Var b = Σ c_i² s_i²/n_i,
 * degrees of freedom by Welch and Satterthwaite, interval by Student's t. It is an interval of the slope of the same
 * line through the expectations, whether they lie on a line or not.
 *
 * The caller makes sure that the abscissae are not all equal.
 */
export function lineThroughMeans(points: readonly MeanAt[], confidence: number): LineFit {
  const centre = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const height = points.reduce((sum, { mean }) => sum + mean, 0) / points.length;
  const spread = points.reduce((sum, { x }) => sum + (x - centre) ** 2, 0);
  let slope = 0;
  let variance = 0;
  let fourth = 0;
  for (const { x, mean, variance: own, degrees } of points) {
    const coefficient = (x - centre) / spread;
    const part = coefficient * coefficient * own;
    slope += coefficient * mean;
    variance += part;
    fourth += (part * part) / degrees;
  }
  const standardError = Math.sqrt(variance);
  const degrees = fourth > 0 ? (variance * variance) / fourth : Infinity;
  const half = standardError > 0 ? studentUpperQuantile((1 - confidence) / 2, degrees) * standardError : 0;
  return {
    slope,
    intercept: height - slope * centre,
    standardError,
    degrees,
    interval: [slope - half, slope + half],
  };
}
