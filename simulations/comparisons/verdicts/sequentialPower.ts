import { UsageError } from '../../../theory/errors.js';
import type { Interval } from '../../../theory/contracts.js';
import { clopperPearsonInterval } from '../distributions/binomial.js';
import { normalQuantile } from '../distributions/normal.js';
import { studentSurvival } from '../distributions/studentT.js';
import { summarise } from '../statistics/summary.js';
import { decisivePower } from '../../../theory/names.js';

export interface SequentialPower {
  /** Share of the draws in which the tests reject. */
  readonly probability: number;
  readonly draws: number;
  /** Clopper–Pearson, 95 %. */
  readonly interval: Interval;
}

export interface SequentialPowerSettings {
  /** The smallest of the p-values of draw r of the wrong hypothesis. */
  readonly pValue: (draw: number) => number;
  /** What it must not exceed to reject: the level over the number of tests. */
  readonly level: number;
  readonly required?: number;
  readonly batch?: number;
  /** So many at least where the power is below the required one, to tell by how much. */
  readonly least?: number;
  readonly most?: number;
}

/** A new draw may fail to reject with at most this probability for a handful of draws to be enough. */
const clear = 1e-3;

/** Keeps Φ⁻¹ finite. */
const smallest = 1e-300;

/**
 * Power measured by draws of a wrong hypothesis, many only where the answer is near the required one. It stops when the
 * binomial interval leaves `required` out; when every draw so far rejects by so much that the next would fail to with a
 * probability of at most 0.001 (normal scores of the p-values, predicted by Student's t); or at `most` draws.
 *
 * @throws UsageError for a batch of fewer than 4 draws, or `most` below it
 */
export function sequentialPower({
  pValue,
  level,
  required = decisivePower,
  batch = 8,
  least = 24,
  most = 128,
}: SequentialPowerSettings): SequentialPower {
  if (!(batch >= 4 && most >= batch))
    throw new UsageError(`sequentialPower: batch must be at least 4 and most at least batch, got ${batch} and ${most}`);
  const critical = -normalQuantile(level);
  const margins: number[] = [];
  let rejections = 0;
  for (;;) {
    for (let k = 0; k < batch; k++) {
      const value = pValue(margins.length);
      if (value <= level) rejections++;
      margins.push(-normalQuantile(Math.min(1 - 1e-16, Math.max(smallest, value))) - critical);
    }
    const draws = margins.length;
    const interval = clopperPearsonInterval(rejections, draws);
    const decided = interval[0] >= required || (interval[1] < required && draws >= Math.min(least, most));
    if (decided || draws + batch > most || (rejections === draws && chanceOfMiss(margins) <= clear))
      return { probability: rejections / draws, draws, interval };
  }
}

/** That the next margin is negative, when they are normal. */
function chanceOfMiss(margins: readonly number[]): number {
  const { mean, variance } = summarise(margins);
  if (variance === 0) return mean > 0 ? 0 : 1;
  return studentSurvival(mean / Math.sqrt(variance * (1 + 1 / margins.length)), margins.length - 1);
}
