import { describe, expect, test } from '@jest/globals';
import {
  chiSquareSurvival,
  clopperPearsonInterval,
  pooledChiSquare,
  spreadTest,
} from '../../../simulations/comparisons/index.js';
import type { StatisticsOfDraw } from '../../../simulations/comparisons/index.js';
import type { RandomStream } from '../../../simulations/contracts.js';
import { randomStream } from '../../../simulations/random/index.js';

const draws = 16;
const nullsPerDraw = 4;
const identity = [
  [1, 0],
  [0, 1],
];

/** Mean 0, variance 1, fourth cumulant 6: so that χ² of two of them has variance 2·2 + 2·6 = 16 in place of 4. */
const skewed = (stream: RandomStream): number => -Math.log1p(-stream.uniform()) - 1;

const pairs = (stream: RandomStream, spread: number): StatisticsOfDraw => ({
  values: [spread * skewed(stream), spread * skewed(stream)],
  mean: [0, 0],
  covariance: identity,
});

function runs(count: number, spread: number, label: string) {
  return Array.from({ length: count }, (_, run) => {
    const stream = randomStream('spread test', label, run);
    const observed = Array.from({ length: draws }, () => pairs(stream, spread));
    const nulls = Array.from({ length: draws }, () =>
      Array.from({ length: nullsPerDraw }, () => pairs(stream, 1).values),
    );
    return { calibrated: spreadTest(observed, nulls), textbook: pooledChiSquare(observed).total };
  });
}

describe('spreadTest', () => {
  test('without null draws it is the textbook χ² tail', () => {
    const observed = [
      [1.5, -0.4],
      [0.2, 2.1],
      [-1.1, 0.9],
    ].map((values): StatisticsOfDraw => ({ values, mean: [0, 0], covariance: identity }));
    const result = spreadTest(
      observed,
      observed.map(() => []),
    );
    // Σ of the squares above, by hand.
    expect(result.statistic).toBeCloseTo(2.25 + 0.16 + 0.04 + 4.41 + 1.21 + 0.81, 12);
    expect(result.expected).toBe(6);
    expect(result.pValue).toBeCloseTo(chiSquareSurvival(result.statistic, 6), 12);
  });

  test('seed "spread test": of skewed statistics it alarms at its level, where the textbook tail alarms far above', () => {
    const all = runs(400, 1, 'null');
    const rejected = (level: number) => all.filter(({ calibrated }) => calibrated.pValue <= level).length;
    // 99.9 % binomial intervals: each of these two lines fails by chance once in a thousand seeds if the test is exact.
    const [lower, upper] = clopperPearsonInterval(rejected(0.05), all.length, 0.999);
    expect(lower).toBeLessThan(0.05);
    expect(upper).toBeGreaterThan(0.05);
    const [leastTextbookRate] = clopperPearsonInterval(
      all.filter(({ textbook }) => textbook.pValue <= 0.05).length,
      all.length,
      0.999,
    );
    expect(leastTextbookRate).toBeGreaterThan(0.08);
    // The factor behind it: (2·2 + 2·6)/(2·2) = 4 from the cumulants above; the standard error of its mean over 400
    // runs is below 0.15.
    const factor = all.reduce((sum, { calibrated }) => sum + calibrated.inflation, 0) / all.length;
    expect(Math.abs(factor - 4)).toBeLessThan(0.6);
  });

  test('seed "spread test": twice the standard deviation is seen', () => {
    // E χ² is 8 a draw for 2, over 16 draws 96 above its mean, 6 standard deviations of the null sum √(16 · 16).
    expect(runs(100, 2, 'wide').filter(({ calibrated }) => calibrated.pValue <= 0.05).length).toBeGreaterThanOrEqual(
      95,
    );
  });

  test('wants null draws for every draw', () => {
    expect(() => spreadTest([], [])).toThrow('spreadTest: nulls must have one list per draw');
  });
});
