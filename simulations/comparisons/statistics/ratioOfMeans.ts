import { UsageError } from '../../../theory/errors.js';
import type { Interval } from '../../../theory/contracts.js';
import type { RandomStream } from '../../contracts.js';
import { studentTwoSided, studentUpperQuantile } from '../distributions/studentT.js';
import { monteCarloPValue } from '../nulls/monteCarloPValue.js';
import { summarise } from './summary.js';

export interface RatioEstimate {
  /** Mean numerator over mean denominator: a ratio of expectations, not the expectation of a ratio. */
  readonly ratio: number;
  /** Delta method: the standard error of Σ (numerator − ratio · denominator) / Σ denominator. Counts draws. */
  readonly standardError: number;
  readonly draws: number;
}

function checkPairs(caller: string, numerators: ArrayLike<number>, denominators: ArrayLike<number>): void {
  if (numerators.length !== denominators.length) {
    throw new UsageError(
      `${caller}: one denominator per numerator is needed, got ${numerators.length} and ${denominators.length}`,
    );
  }
}

/** One value per independent draw; blocks of one draw share its initialisation and are averaged before. */
export function ratioOfMeans(numerators: ArrayLike<number>, denominators: ArrayLike<number>): RatioEstimate {
  checkPairs('ratioOfMeans', numerators, denominators);
  const top = summarise(numerators, 'ratioOfMeans');
  const bottom = summarise(denominators, 'ratioOfMeans');
  const ratio = top.mean / bottom.mean;
  const residuals = Float64Array.from(numerators, (value, i) => value - ratio * denominators[i]!);
  const standardError = Math.sqrt(summarise(residuals).variance / top.count) / Math.abs(bottom.mean);
  return { ratio, standardError, draws: top.count };
}

export interface RatioTest {
  /** t of numerator − predicted · denominator over draws. */
  readonly z: number;
  readonly degrees: number;
  readonly pValue: number;
}

/**
 * Tests E numerator = predicted · E denominator: Student's t of the differences, whose mean is exactly 0 under the
 * hypothesis (no linearisation of the ratio). R − 1 degrees of freedom.
 */
export function ratioTest(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  predicted: number,
): RatioTest {
  checkPairs('ratioTest', numerators, denominators);
  const differences = Float64Array.from(numerators, (value, i) => value - predicted * denominators[i]!);
  return meanTest(differences, 0);
}

/** Student's t-test of a mean over independent draws. */
export function meanTest(values: ArrayLike<number>, predicted: number): RatioTest {
  const { count, mean, variance } = summarise(values, 'meanTest');
  const degrees = count - 1;
  const gap = mean - predicted;
  if (variance === 0) return { z: gap === 0 ? 0 : Math.sign(gap) * Infinity, degrees, pValue: gap === 0 ? 1 : 0 };
  const z = gap / Math.sqrt(variance / count);
  return { z, degrees, pValue: studentTwoSided(z, degrees) };
}

export interface RatioInterval extends RatioEstimate {
  readonly interval: Interval;
  readonly confidence: number;
  readonly method: 'studentised bootstrap of the log ratio, by draw';
  /** exp(log ratio ± t · SE/ratio), for comparison. */
  readonly deltaInterval: Interval;
}

/**
 * Interval of a ratio of expectations when draws have heavy tails (weights like e^{|h|²/m} at small width): the
 * studentised bootstrap of the log ratio, resampling whole draws. Chosen by measured coverage of a nominal 95 % (600
 * runs each; lognormal numerators with log-variance 1, 20 draws: this 0.92, delta method 0.90, BCa 0.86; log-variance
 * 2.25: 0.86, 0.75, 0.74): the studentised pivot follows the dependence of the standard error on the mean that skewed
 * draws bring, and the logarithm keeps the interval positive. test/statistical/comparisonsRatio.statistical.test.ts.
 * Seeded: the stream is an argument.
 *
 * Throws UsageError when a mean is not positive.
 */
export function ratioInterval({
  numerators,
  denominators,
  stream,
  confidence = 0.95,
  resamples = 1999,
}: {
  numerators: ArrayLike<number>;
  denominators: ArrayLike<number>;
  stream: RandomStream;
  confidence?: number;
  resamples?: number;
}): RatioInterval {
  const { estimate, logError, pivots } = bootstrapPivots('ratioInterval', numerators, denominators, stream, resamples);
  const { ratio, draws } = estimate;
  const tail = (1 - confidence) / 2;
  const half = studentUpperQuantile(tail, draws - 1) * logError;
  const at = (p: number): number =>
    pivots[Math.min(pivots.length - 1, Math.max(0, Math.round(p * (pivots.length + 1)) - 1))]!;
  return {
    ...estimate,
    interval:
      pivots.length === 0
        ? [ratio, ratio]
        : [ratio * Math.exp(-at(1 - tail) * logError), ratio * Math.exp(-at(tail) * logError)],
    confidence,
    method: 'studentised bootstrap of the log ratio, by draw',
    deltaInterval: [ratio * Math.exp(-half), ratio * Math.exp(half)],
  };
}

/**
 * The test that belongs to `ratioInterval`: twice the smaller tail of the bootstrap pivots beyond (log ratio − log
 * predicted)/SE. Where `ratioTest` would raise false alarms (a few dozen draws with tails like a lognormal of variance
 * above 1) this one raises fewer. Never below 2/(1 + resamples): take as many as the Holm correction needs.
 */
export function ratioBootstrapTest({
  numerators,
  denominators,
  predicted,
  stream,
  resamples = 9999,
}: {
  numerators: ArrayLike<number>;
  denominators: ArrayLike<number>;
  predicted: number;
  stream: RandomStream;
  resamples?: number;
}): { ratio: number; z: number; pValue: number } {
  if (!(predicted > 0)) throw new UsageError(`ratioBootstrapTest: predicted must be positive, got ${predicted}`);
  const { estimate, logError, pivots } = bootstrapPivots(
    'ratioBootstrapTest',
    numerators,
    denominators,
    stream,
    resamples,
  );
  const gap = Math.log(estimate.ratio / predicted);
  if (pivots.length === 0)
    return { ratio: estimate.ratio, z: gap === 0 ? 0 : gap / logError, pValue: gap === 0 ? 1 : 0 };
  const z = gap / logError;
  return { ratio: estimate.ratio, z, pValue: monteCarloPValue(z, pivots, 'two-sided') };
}

/** (log ratio* − log ratio)/SE* over resamples of whole draws, ascending. */
function bootstrapPivots(
  caller: string,
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  stream: RandomStream,
  resamples: number,
): { estimate: RatioEstimate; logError: number; pivots: number[] } {
  const estimate = ratioOfMeans(numerators, denominators);
  const { ratio, standardError, draws } = estimate;
  if (!(ratio > 0)) throw new UsageError(`${caller}: means must be positive, got a ratio of ${ratio}`);
  const pivots: number[] = [];
  const top = Float64Array.from(numerators, (value) => value / ratio);
  const bottom = Float64Array.from(denominators);
  for (let b = 0; b < resamples && standardError > 0; b++) {
    // Σ (top − q bottom)² = Σ (top − bottom)² − 2(q − 1) Σ (top − bottom) bottom + (q − 1)² Σ bottom²: nothing large
    // cancels.
    let [tops, bottoms, squares, products, ownSquares] = [0, 0, 0, 0, 0];
    for (let i = 0; i < draws; i++) {
      const pick = stream.integer(draws);
      const own = bottom[pick]!;
      const away = top[pick]! - own;
      tops += top[pick]!;
      bottoms += own;
      squares += away * away;
      products += away * own;
      ownSquares += own * own;
    }
    const again = tops / bottoms;
    const residual = squares - 2 * (again - 1) * products + (again - 1) ** 2 * ownSquares;
    const error = Math.sqrt((Math.max(0, residual) * draws) / (draws - 1)) / bottoms;
    // A resample of one draw repeated has no standard error; it says nothing about the pivot.
    if (error > 1e-9 * again) pivots.push((Math.log(again) * again) / error);
  }
  return { estimate, logError: standardError / ratio, pivots: pivots.sort((a, b) => a - b) };
}
