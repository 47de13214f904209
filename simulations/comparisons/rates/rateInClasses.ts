import { UsageError } from '../../../theory/errors.js';
import type { Interval } from '../../../theory/contracts.js';
import { chiSquareSurvival } from '../distributions/chiSquare.js';
import { normalQuantile } from '../distributions/normal.js';
import { ratioOfMeans, ratioTest } from '../statistics/ratioOfMeans.js';
import { lineThroughMeans } from './lineThroughMeans.js';

/**
 * Ratios at one number of classes: one numerator and one denominator per independent draw, and the exact ratio there.
 */
export interface RatioAtClasses {
  readonly classes: number;
  readonly numerators: ArrayLike<number>;
  readonly denominators: ArrayLike<number>;
  readonly exact: number;
}

export interface RateRow {
  readonly classes: number;
  readonly ratio: number;
  readonly standardError: number;
  readonly exact: number;
  readonly z: number;
  readonly pValue: number;
  /**
   * Slope of log ratio against log C between this C and the next: of the exact curve, and measured. NaN in the last
   * row.
   */
  readonly localExponentExact: number;
  readonly localExponentMeasured: number;
}

export interface RateInClasses {
  readonly rows: readonly RateRow[];
  /**
   * Σ of squared normal scores of the rows' t-tests on as many degrees of freedom as rows: measured against the exact
   * finite-C curve.
   */
  readonly curve: { readonly statistic: number; readonly degrees: number; readonly pValue: number };
  /**
   * The straight line in log r against log C. Biased for the limit exponent, because C^k r still moves with C: shown
   * beside the curve.
   */
  readonly line: {
    readonly measured: number;
    readonly standardError: number;
    readonly interval: Interval;
    /** The same line through the exact curve: what `measured` estimates. */
    readonly exact: number;
    /** `exact` minus `limit`: the bias of the line. */
    readonly bias: number;
    /** The exponent the claim states, −1 or −2. */
    readonly limit: number;
  };
}

/**
 * The rate of r(C) = E‖H_off‖²/E‖H_diag‖²: measured ratios against the exact curve at each C (Student's t over draws,
 * joint χ²), local exponents, and the straight line with its bias. The verdict belongs to `curve`.
 */
export function rateInClasses({
  points,
  limit,
  confidence = 0.95,
}: {
  points: readonly RatioAtClasses[];
  limit: number;
  confidence?: number;
}): RateInClasses {
  if (points.length < 2)
    throw new UsageError(`rateInClasses: needs at least two numbers of classes, got ${points.length}`);
  const sorted = [...points].sort((a, b) => a.classes - b.classes);
  const estimates = sorted.map(({ numerators, denominators }) => ratioOfMeans(numerators, denominators));
  let statistic = 0;
  const rows = sorted.map(({ classes, numerators, denominators, exact }, i): RateRow => {
    if (!(exact > 0) || !(classes > 0))
      throw new UsageError(`rateInClasses: classes and exact must be positive, got ${classes} and ${exact}`);
    const { ratio, standardError } = estimates[i]!;
    const { z, pValue } = ratioTest(numerators, denominators, exact);
    statistic += pValue === 0 ? Infinity : normalQuantile(pValue / 2) ** 2;
    const next = sorted[i + 1];
    const step = next ? Math.log(next.classes / classes) : NaN;
    return {
      classes,
      ratio,
      standardError,
      exact,
      z,
      pValue,
      localExponentExact: next ? Math.log(next.exact / exact) / step : NaN,
      localExponentMeasured: next ? Math.log(estimates[i + 1]!.ratio / ratio) / step : NaN,
    };
  });
  return {
    rows,
    curve: {
      statistic,
      degrees: rows.length,
      pValue: statistic === Infinity ? 0 : chiSquareSurvival(statistic, rows.length),
    },
    line: straightLine(rows, estimates, limit, confidence),
  };
}

/** The line through the measured ratios and the one through the exact curve. */
function straightLine(
  rows: readonly RateRow[],
  estimates: readonly { readonly draws: number }[],
  limit: number,
  confidence: number,
): RateInClasses['line'] {
  const { slope, standardError, interval } = lineThroughMeans(
    rows.map(({ classes, ratio, standardError: error }, i) => ({
      x: Math.log(classes),
      mean: Math.log(ratio),
      variance: (error / ratio) ** 2,
      degrees: estimates[i]!.draws - 1,
    })),
    confidence,
  );
  const exact = lineThroughMeans(
    rows.map((row) => ({ x: Math.log(row.classes), mean: Math.log(row.exact), variance: 0, degrees: 1 })),
    confidence,
  ).slope;
  return { measured: slope, standardError, interval, exact, bias: exact - limit, limit };
}
