import { sampleCorrelation } from 'simple-statistics';
import { chiSquareSurvival, normalQuantile } from '../../../simulations/comparisons/index.js';
import type { RatioTest } from '../../../simulations/comparisons/index.js';

export interface PooledTests {
  readonly statistic: number;
  readonly degrees: number;
  readonly pValue: number;
}

/**
 * Several t-tests as one: the sum of their squared normal scores. Of independent tests it is χ² with as many degrees of
 * freedom as tests. Tests of the same draws are correlated, which leaves its mean and widens its variance: `inflation`
 * c ≥ 1, and the sum over c is then taken for χ² with 1/c as many degrees of freedom (Satterthwaite's match of two
 * moments).
 */
export function pooledTests(tests: readonly RatioTest[], inflation = 1): PooledTests {
  let statistic = 0;
  for (const { pValue } of tests) statistic += pValue <= 0 ? Infinity : normalQuantile(pValue / 2) ** 2;
  return {
    statistic,
    degrees: tests.length,
    pValue: statistic === Infinity ? 0 : chiSquareSurvival(statistic / inflation, tests.length / inflation),
  };
}

/**
 * Inflation for pairs of tests whose draws have these values: the variance of z₁² + z₂² is 4(1 + ρ²). Mean over the
 * pairs.
 */
export function inflationOfPairs(pairs: readonly (readonly [ArrayLike<number>, ArrayLike<number>])[]): number {
  return (
    1 +
    pairs.reduce((sum, [first, second]) => sum + sampleCorrelation(Array.from(first), Array.from(second)) ** 2, 0) /
      pairs.length
  );
}
