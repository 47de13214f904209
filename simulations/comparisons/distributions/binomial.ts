import { UsageError } from '../../../theory/errors.js';
import type { Interval } from '../../../theory/contracts.js';
import { incompleteBeta } from './incompleteBeta.js';
import { invertMonotone } from './invertMonotone.js';
import { normalQuantile } from './normal.js';

function checkCounts(caller: string, successes: number, trials: number): void {
  if (!Number.isInteger(trials) || trials < 1)
    throw new UsageError(`${caller}: trials must be a positive integer, got ${trials}`);
  if (!Number.isInteger(successes) || successes < 0 || successes > trials) {
    throw new UsageError(`${caller}: successes must be an integer from 0 to trials (${trials}), got ${successes}`);
  }
}

/** P(X ≥ successes), X binomial(trials, probability). */
export function binomialUpperTail(successes: number, trials: number, probability: number): number {
  checkCounts('binomialUpperTail', successes, trials);
  if (successes === 0) return 1;
  return incompleteBeta(successes, trials - successes + 1, probability).lower;
}

/** P(X ≤ successes), X binomial(trials, probability). */
export function binomialLowerTail(successes: number, trials: number, probability: number): number {
  checkCounts('binomialLowerTail', successes, trials);
  if (successes === trials) return 1;
  return incompleteBeta(successes + 1, trials - successes, probability).upper;
}

/** Clopper–Pearson interval of a proportion: never less than its nominal coverage. */
export function clopperPearsonInterval(successes: number, trials: number, confidence = 0.95): Interval {
  checkCounts('clopperPearsonInterval', successes, trials);
  const tail = (1 - confidence) / 2;
  const lower =
    successes === 0 ? 0 : invertMonotone((p) => binomialUpperTail(successes, trials, p) - tail, 0, successes / trials);
  const upper =
    successes === trials
      ? 1
      : invertMonotone((p) => tail - binomialLowerTail(successes, trials, p), successes / trials, 1);
  return [lower, upper];
}

/** Wilson's score interval of a proportion: closer to its nominal coverage on average, not guaranteed. */
export function wilsonInterval(successes: number, trials: number, confidence = 0.95): Interval {
  checkCounts('wilsonInterval', successes, trials);
  const z = -normalQuantile((1 - confidence) / 2);
  const rate = successes / trials;
  const shrink = 1 + (z * z) / trials;
  const centre = (rate + (z * z) / (2 * trials)) / shrink;
  const half = (z / shrink) * Math.sqrt((rate * (1 - rate)) / trials + (z * z) / (4 * trials * trials));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
