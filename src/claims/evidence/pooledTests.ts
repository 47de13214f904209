import { chiSquareSurvival, normalQuantile } from '../../../simulations/comparisons/index.js';
import type { RatioTest } from '../../../simulations/comparisons/index.js';

export interface PooledTests {
  readonly statistic: number;
  readonly degrees: number;
  readonly pValue: number;
}

/**
 * Several independent t-tests as one: the sum of their squared normal scores is χ² with as many degrees of freedom as
 * tests.
 */
export function pooledTests(tests: readonly RatioTest[]): PooledTests {
  let statistic = 0;
  for (const { pValue } of tests) statistic += pValue <= 0 ? Infinity : normalQuantile(pValue / 2) ** 2;
  return {
    statistic,
    degrees: tests.length,
    pValue: statistic === Infinity ? 0 : chiSquareSurvival(statistic, tests.length),
  };
}
