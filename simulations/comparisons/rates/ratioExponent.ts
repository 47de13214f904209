import { UsageError } from '../../../theory/errors.js';
import { ratioOfMeans } from '../statistics/ratioOfMeans.js';
import { lineThroughMeans, type LineFit } from './lineThroughMeans.js';

/** Independent draws at one size: one numerator and one denominator each. */
export interface RatioAtSize {
  readonly size: number;
  readonly numerators: ArrayLike<number>;
  readonly denominators: ArrayLike<number>;
}

/**
 * Slope of log(E numerator/E denominator) against log size: `lineThroughMeans` of the log ratios of means, each with
 * its delta-method variance (`ratioOfMeans`).
 *
 * Throws UsageError when sizes or ratios are not positive, or all sizes are equal.
 */
export function ratioExponent(points: readonly RatioAtSize[], confidence = 0.95): LineFit {
  if (points.every(({ size }) => size === points[0]!.size))
    throw new UsageError(
      `ratioExponent: sizes must not all be equal, got ${points.map(({ size }) => size).join(', ')}`,
    );
  return lineThroughMeans(
    points.map(({ size, numerators, denominators }) => {
      const { ratio, standardError, draws } = ratioOfMeans(numerators, denominators);
      if (!(size > 0 && ratio > 0))
        throw new UsageError(`ratioExponent: sizes and ratios must be positive, got ${ratio} at size ${size}`);
      return { x: Math.log(size), mean: Math.log(ratio), variance: (standardError / ratio) ** 2, degrees: draws - 1 };
    }),
    confidence,
  );
}
