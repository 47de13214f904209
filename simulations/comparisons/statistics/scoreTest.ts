import { UsageError } from '../../../theory/errors.js';
import { normalTwoSided } from '../distributions/normal.js';
import type { StatisticsOfDraw } from './jointChiSquare.js';
import { whiten } from './whiten.js';

/** One draw's statistics, and by how much a stated alternative moves their mean. */
export interface ScoredDraw {
  readonly statistics: StatisticsOfDraw;
  readonly shift: ArrayLike<number>;
}

export interface ScoreTest {
  /** Standard normal under the hypothesis. */
  readonly score: number;
  /** Mean over the draws of shiftᵀ Σ⁻¹ shift: the squared mean of the score under the alternative, for each draw. */
  readonly information: number;
  readonly pValue: number;
}

/**
 * A test in one direction: Σ_r shift_rᵀ Σ_r⁻¹ (v_r − μ_r) over its standard deviation. Where the alternative moves the
 * statistics of different draws in different directions (a weight of both signs, given V), a sum of the statistics
 * themselves cancels and this does not: what the draws tell of the alternative adds up.
 */
export function scoreTest(draws: readonly ScoredDraw[]): ScoreTest {
  if (draws.length === 0) throw new UsageError('scoreTest: draws must not be empty');
  let [score, information] = [0, 0];
  for (const { statistics, shift } of draws) {
    const { values, mean, covariance } = statistics;
    const { apply } = whiten(covariance);
    const gap = apply(Float64Array.from(values, (value, k) => value - mean[k]!));
    apply(shift).forEach((value, k) => {
      if (Number.isNaN(value)) return;
      score += value * gap[k]!;
      information += value * value;
    });
  }
  const scaled = information === 0 ? 0 : score / Math.sqrt(information);
  return { score: scaled, information: information / draws.length, pValue: normalTwoSided(scaled) };
}
