import { UsageError } from '../../../theory/errors.js';
import { chiSquareUpperQuantile, noncentralChiSquareSurvival } from '../distributions/chiSquare.js';
import { normalQuantile, normalSurvival } from '../distributions/normal.js';
import { summarise } from '../statistics/summary.js';
import { whiten } from '../statistics/whiten.js';
import { decisivePower } from '../../../theory/names.js';

/**
 * Effect of an alternative on a statistic, in standard deviations of its null law: (E under the alternative − E under
 * the null)/sd. `spread` is the alternative's standard deviation over the null's.
 */
export interface Effect {
  readonly effect: number;
  readonly spread: number;
}

/** Measured from simulated values under both. */
export function effectOf(nullValues: ArrayLike<number>, alternativeValues: ArrayLike<number>): Effect {
  const under = summarise(nullValues, 'effectOf');
  const against = summarise(alternativeValues, 'effectOf');
  const deviation = Math.sqrt(under.variance);
  return { effect: (against.mean - under.mean) / deviation, spread: Math.sqrt(against.variance) / deviation };
}

/**
 * Power of a test of the sum of R independent statistics, by the normal law:
 * one-sided P(Z > (z_{1−level} − effect·√R)/spread); two-sided adds the other tail with z_{1−level/2}.
 */
export function powerOfMeanTest({
  effect,
  spread = 1,
  replicates,
  level,
  sides = 1,
}: {
  effect: number;
  spread?: number;
  replicates: number;
  level: number;
  sides?: 1 | 2;
}): number {
  const critical = -normalQuantile(level / sides);
  const shift = effect * Math.sqrt(replicates);
  const upper = normalSurvival((critical - shift) / spread);
  return sides === 1 ? upper : upper + normalSurvival((critical + shift) / spread);
}

/** By how much an alternative moves the mean of a vector of statistics of one draw, and their covariance. */
export interface ShiftOfDraw {
  readonly shift: ArrayLike<number>;
  readonly covariance: readonly ArrayLike<number>[];
}

/**
 * Power of `pooledChiSquare(…).shift` with R draws like those given: P(χ²_k(R |w̄|²) > critical value), w̄ the mean
 * over the given draws of the whitened shift L⁻¹(E v − μ). With one draw, |w̄|² = shiftᵀ Σ⁻¹ shift.
 */
export function powerOfChiSquareTest({
  replicates,
  level,
  ...wrongLaw
}: { readonly replicates: number; readonly level: number } & (
  ShiftOfDraw | { readonly draws: readonly ShiftOfDraw[] }
)): number {
  const draws = 'draws' in wrongLaw ? wrongLaw.draws : [wrongLaw];
  const first = draws[0];
  if (!first) throw new UsageError('powerOfChiSquareTest: draws must not be empty');
  const mean = new Float64Array(first.shift.length);
  let degrees = 0;
  for (const { shift, covariance } of draws) {
    const whitening = whiten(covariance);
    degrees = Math.max(degrees, whitening.degrees);
    whitening.apply(shift).forEach((value, k) => {
      if (!Number.isNaN(value)) mean[k]! += value / draws.length;
    });
  }
  const noncentrality = replicates * mean.reduce((sum, value) => sum + value * value, 0);
  return noncentralChiSquareSurvival(chiSquareUpperQuantile(level, degrees), degrees, noncentrality);
}

/** The smallest R with power(R) ≥ target, for a power that grows with R; Infinity above `maximum`. */
export function requiredReplicates({
  power,
  target = decisivePower,
  maximum = 1e6,
}: {
  power: (replicates: number) => number;
  target?: number;
  maximum?: number;
}): number {
  if (!(target > 0 && target < 1)) throw new UsageError(`requiredReplicates: target must lie in (0, 1), got ${target}`);
  let enough = 1;
  while (power(enough) < target) {
    enough *= 2;
    if (enough > maximum) return Infinity;
  }
  let tooFew = Math.floor(enough / 2);
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (power(middle) >= target) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

/**
 * The factor s by which a wrong law's error may shrink before the power at R replicates falls to `target`, to first
 * order in the error: an effect s times as large needs s^{-2} times as many replicates, so s² R is the (real) number of
 * replicates with that power. Above 1 when the power is below the target already; Infinity when no number of replicates
 * reaches it.
 */
export function smallestDetectedFactor({
  power,
  replicates,
  target = decisivePower,
  maximum = 1e6,
}: {
  power: (replicates: number) => number;
  replicates: number;
  target?: number;
  maximum?: number;
}): number {
  if (!(target > 0 && target < 1))
    throw new UsageError(`smallestDetectedFactor: target must lie in (0, 1), got ${target}`);
  let [tooFew, enough] = [0, 1];
  while (power(enough) < target) {
    tooFew = enough;
    enough *= 2;
    if (enough > maximum) return Infinity;
  }
  for (let step = 0; step < 60; step++) {
    const middle = (tooFew + enough) / 2;
    if (power(middle) >= target) enough = middle;
    else tooFew = middle;
  }
  return Math.sqrt(enough / replicates);
}
