import { NumericalError, UsageError } from '../../../theory/errors.js';
import { pearsonThreeSurvival } from '../distributions/pearsonThree.js';
import { monteCarloPValue } from './monteCarloPValue.js';

export interface LaneTest {
  /** Σ_r T_r over the R replicates. */
  readonly statistic: number;
  readonly replicates: number;
  readonly nullReplicates: number;
  /** (1 + #)/(1 + M) over the M null sums: exact, never below 1/(1 + M). */
  readonly pValue: number;
  /**
   * Tail of a shifted gamma law with the mean, variance and skewness of the null sums, estimated lane by lane from all
   * R·M null values. An approximation (its false-alarm rate is measured in the calibration), not bounded below by 1/(1
   * + M): what a Holm correction over many tests needs.
   */
  readonly fittedPValue: number;
  /** (Σ T_r − Σ mean_r) / (Σ var_r (1 + 1/M))^{1/2} */
  readonly z: number;
}

/**
 * Several replicates at once: the sum of their statistics against the same sum under the null. Lane r has its own null
 * values, made with its own weights: `nulls[r][m]`, m = 0..M−1. The power of a shift of e standard deviations per
 * replicate grows like e √R.
 *
 * The M sums over lanes are independent copies of the null sum, so the Monte Carlo p-value is exact. Large values
 * reject.
 */
export function laneTest({
  observed,
  nulls,
}: {
  observed: ArrayLike<number>;
  nulls: readonly ArrayLike<number>[];
}): LaneTest {
  const replicates = observed.length;
  if (replicates === 0) throw new UsageError('laneTest: observed must not be empty');
  if (nulls.length !== replicates) {
    throw new UsageError(`laneTest: nulls must have one lane per observed value (${replicates}), got ${nulls.length}`);
  }
  const nullReplicates = nulls[0]!.length;
  if (nullReplicates < 2 || nulls.some((lane) => lane.length !== nullReplicates)) {
    throw new UsageError('laneTest: every lane must have the same number of null values, at least 2');
  }
  let statistic = 0;
  let mean = 0;
  let variance = 0;
  let third = 0;
  const sums = new Float64Array(nullReplicates);
  for (let r = 0; r < replicates; r++) {
    statistic += observed[r]!;
    const lane = nulls[r]!;
    let laneMean = 0;
    for (let m = 0; m < nullReplicates; m++) {
      sums[m]! += lane[m]!;
      laneMean += lane[m]! / nullReplicates;
    }
    let square = 0;
    let cube = 0;
    for (let m = 0; m < nullReplicates; m++) {
      const away = lane[m]! - laneMean;
      square += away * away;
      cube += away * away * away;
    }
    mean += laneMean;
    variance += square / (nullReplicates - 1);
    third += nullReplicates > 2 ? (cube * nullReplicates) / ((nullReplicates - 1) * (nullReplicates - 2)) : 0;
  }
  // The lane means are themselves estimated from M values.
  const spread = Math.sqrt(variance * (1 + 1 / nullReplicates));
  // Equal up to rounding is equal.
  if (!(spread > 1e-12 * Math.abs(mean))) {
    throw new NumericalError(
      `laneTest: the ${nullReplicates} null values of each of ${replicates} draws are all equal, so that nothing says how far chance may take the statistic: draw larger spectra, or more null draws for each`,
    );
  }
  return {
    statistic,
    replicates,
    nullReplicates,
    pValue: monteCarloPValue(statistic, sums),
    fittedPValue: pearsonThreeSurvival(statistic, mean, spread, third / spread ** 3),
    z: (statistic - mean) / spread,
  };
}
