import { UsageError } from '../../../theory/errors.js';
import type { Interval } from '../../../theory/contracts.js';
import { chiSquareSurvival } from '../distributions/chiSquare.js';
import { studentTwoSided } from '../distributions/studentT.js';
import type { Side } from '../nulls/monteCarloPValue.js';
import { summarise } from '../statistics/summary.js';
import { lineThroughMeans } from './lineThroughMeans.js';

export interface ExponentFit {
  /**
   * b in E log(value) = a + b log(size), with log(size) divided out of the values first when `logCorrection` is set.
   */
  readonly exponent: number;
  readonly intercept: number;
  readonly standardError: number;
  readonly degrees: number;
  readonly interval: Interval;
  readonly confidence: number;
  readonly logCorrection: boolean;
  /**
   * Two-sided p-value that the size means lie on a line at all; 1 with two sizes. Small: not yet asymptotic, or not a
   * power.
   */
  readonly linearity: number;
}

/**
 * The exponent of a positive statistic against a size, from independent replicates at each size: `lineThroughMeans` of
 * log(value). The interval is one of the slope at the sizes given, which finite sizes keep away from the exponent of
 * the limit.
 *
 * `logCorrection` fits value/log(size): a distance that falls like log d / d has exponent −1 then, and about
 * −1 + 1/log d without. Throws UsageError for fewer than two sizes or replicates, or values that are not positive.
 */
export function fitExponent({
  sizes,
  values,
  logCorrection = false,
  confidence = 0.95,
}: {
  sizes: readonly number[];
  values: readonly ArrayLike<number>[];
  logCorrection?: boolean;
  confidence?: number;
}): ExponentFit {
  if (sizes.length < 2 || values.length !== sizes.length) {
    throw new UsageError(
      `fitExponent: needs at least 2 sizes and one list of values for each, got ${sizes.length} and ${values.length}`,
    );
  }
  const logs = values.map((list, i) => {
    if (!(sizes[i]! > (logCorrection ? 1 : 0)))
      throw new UsageError(`fitExponent: sizes must be positive (above 1 with logCorrection), got ${sizes[i]}`);
    const divisor = logCorrection ? Math.log(sizes[i]!) : 1;
    return summarise(
      Float64Array.from(list, (value) => {
        if (!(value > 0))
          throw new UsageError(`fitExponent: values must be positive, got ${value} at size ${sizes[i]}`);
        return Math.log(value / divisor);
      }),
      'fitExponent',
    );
  });
  const abscissae = sizes.map((size) => Math.log(size));
  if (abscissae.every((x) => x === abscissae[0])) throw new UsageError('fitExponent: sizes must not all be equal');
  const { slope, ...line } = lineThroughMeans(
    logs.map(({ count, mean, variance }, i) => ({
      x: abscissae[i]!,
      mean,
      variance: variance / count,
      degrees: count - 1,
    })),
    confidence,
  );
  return { exponent: slope, ...line, confidence, logCorrection, linearity: linearityOf(abscissae, logs) };
}

/** χ² of the weighted residuals around the best weighted line, on (sizes − 2) degrees of freedom. */
function linearityOf(abscissae: number[], logs: { count: number; mean: number; variance: number }[]): number {
  if (abscissae.length < 3 || logs.some(({ variance }) => variance === 0)) return 1;
  const weights = logs.map(({ count, variance }) => count / variance);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const meanX = abscissae.reduce((sum, x, i) => sum + weights[i]! * x, 0) / total;
  const meanY = logs.reduce((sum, { mean }, i) => sum + weights[i]! * mean, 0) / total;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  abscissae.forEach((x, i) => {
    const dx = x - meanX;
    const dy = logs[i]!.mean - meanY;
    xx += weights[i]! * dx * dx;
    xy += weights[i]! * dx * dy;
    yy += weights[i]! * dy * dy;
  });
  return chiSquareSurvival(yy - (xy * xy) / xx, abscissae.length - 2);
}

/**
 * Student's t of a fitted exponent against the one predicted. `side` 'upper' asks only whether the statistic falls more
 * slowly than predicted, as a distance to a wrong law does.
 */
export function exponentTest(
  fit: ExponentFit,
  predicted: number,
  side: Exclude<Side, 'lower'> = 'two-sided',
): { z: number; degrees: number; pValue: number } {
  if (fit.standardError === 0) {
    const holds = side === 'upper' ? fit.exponent <= predicted : fit.exponent === predicted;
    return { z: holds ? 0 : Infinity, degrees: fit.degrees, pValue: holds ? 1 : 0 };
  }
  const z = (fit.exponent - predicted) / fit.standardError;
  const both = studentTwoSided(z, fit.degrees);
  return { z, degrees: fit.degrees, pValue: side === 'two-sided' ? both : z > 0 ? both / 2 : 1 - both / 2 };
}
