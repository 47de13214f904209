import { UsageError } from '../../../theory/errors.js';
import type { Interval } from '../../../theory/contracts.js';
import { incompleteBeta } from './incompleteBeta.js';
import { invertMonotone } from './invertMonotone.js';

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
