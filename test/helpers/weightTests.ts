import { UsageError } from '../../theory/errors.js';
import { studentTwoSided } from '../../simulations/comparisons/distributions/studentT.js';
import {
  pooledChiSquare,
  type PooledChiSquare,
  type StatisticsOfDraw,
} from '../../simulations/comparisons/statistics/jointChiSquare.js';
import { summarise } from '../../simulations/comparisons/statistics/summary.js';

export interface WeightsOfDraw {
  /** a_1 … a_N of one block of one draw. */
  readonly weights: ArrayLike<number>;
  /** E a^k given the initialisation, k = 0 … 2·orders (index k). */
  readonly moments: ArrayLike<number>;
}

/**
 * The weights of R draws against their law given the initialisation (V, W as drawn). Given it the a_n are independent
 * and identically distributed, so Σ_n (a_n^k − E a^k), k = 1 … orders, has exactly the covariance N (E a^{j+k} − E a^j
 * E a^k); joint χ² over draws. This is the test that a test given the drawn weights cannot be: it sees a wrong
 * activation, logit variance or number of classes. `orders` 2 by default; dependent powers (gates, where a² = c·a) drop
 * out of the degrees of freedom.
 */
export function weightMomentsTest(draws: readonly WeightsOfDraw[], orders = 2): PooledChiSquare {
  if (!Number.isInteger(orders) || orders < 1)
    throw new UsageError(`weightMomentsTest: orders must be a positive integer, got ${orders}`);
  const statistics = draws.map(({ weights, moments }): StatisticsOfDraw => {
    if (moments.length < 2 * orders + 1) {
      throw new UsageError(
        `weightMomentsTest: moments must go from order 0 to ${2 * orders}, got ${moments.length} of them`,
      );
    }
    const count = weights.length;
    const scale = Math.sqrt(moments[2]!) || 1;
    const moment = (k: number): number => moments[k]! / scale ** k;
    const values = new Float64Array(orders);
    for (let n = 0; n < count; n++) {
      let power = 1;
      for (let k = 0; k < orders; k++) {
        power *= weights[n]! / scale;
        values[k]! += power;
      }
    }
    const powers = Array.from({ length: orders }, (_, k) => k + 1);
    return {
      values,
      mean: powers.map((k) => count * moment(k)),
      covariance: powers.map((j) => powers.map((k) => count * (moment(j + k) - moment(j) * moment(k)))),
    };
  });
  return pooledChiSquare(statistics);
}

export interface ExpectationTest {
  readonly mean: number;
  readonly predicted: number;
  readonly standardError: number;
  readonly degrees: number;
  /** The gap beyond the allowance, in standard errors: 0 inside. */
  readonly z: number;
  readonly pValue: number;
}

/**
 * A mean over R independent draws (initialisation and data drawn afresh) of a statistic such as the mean weight,
 * against its expectation at level 1. Student's t with R − 1 degrees of freedom; the standard error comes from the
 * spread between draws, so blocks of one draw must be averaged first.
 *
 * `allowance` bounds the known difference between the limit value and the finite-d expectation (O(1/d): the logit
 * variance given x is s²|x|²/d, so E φ(s²) shifts by φ''(s²) s⁴/d to first order). Only the gap beyond it counts: the
 * false-alarm rate is at most the level when |bias| ≤ allowance. Prefer a prediction with the finite-d term in it and
 * allowance 0.
 */
export function expectationTest(values: ArrayLike<number>, predicted: number, allowance = 0): ExpectationTest {
  if (!(allowance >= 0)) throw new UsageError(`expectationTest: allowance must be ≥ 0, got ${allowance}`);
  const { count, mean, variance } = summarise(values, 'expectationTest');
  const standardError = Math.sqrt(variance / count);
  const gap = mean - predicted;
  const beyond = Math.sign(gap) * Math.max(0, Math.abs(gap) - allowance);
  const z = beyond === 0 ? 0 : beyond / standardError;
  return {
    mean,
    predicted,
    standardError,
    degrees: count - 1,
    z,
    pValue: Number.isFinite(z) ? studentTwoSided(z, count - 1) : 0,
  };
}
