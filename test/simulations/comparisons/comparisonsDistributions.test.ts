import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import {
  binomialLowerTail,
  binomialUpperTail,
  chiSquareSurvival,
  chiSquareUpperQuantile,
  clopperPearsonInterval,
  incompleteBeta,
  incompleteGamma,
  kolmogorovSurvival,
  noncentralChiSquareSurvival,
  normalQuantile,
  normalSurvival,
  pearsonThreeSurvival,
  studentSurvival,
  studentUpperQuantile,
} from '../../../simulations/comparisons/distributions/index.js';

type Case = Record<string, number> & { exact: [number, number]; wilson: [number, number] };
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/scipy/comparisonsDistributions.json', import.meta.url), 'utf8'),
) as Record<string, Case[]>;

/** Largest relative difference over the cases of a fixture. */
function worst(cases: Case[], difference: (one: Case) => number): number {
  expect(cases.length).toBeGreaterThan(4);
  return Math.max(...cases.map(difference));
}
const relative = (actual: number, expected: number): number =>
  expected === 0 ? Math.abs(actual) : Math.abs(actual / expected - 1);

describe('tails, against mpmath at 40 digits (comparisonsDistributions.py)', () => {
  test('incompleteGamma keeps both tails to 1e-11, a from 1/2 to 1e5', () => {
    const found = worst(fixture['incompleteGamma']!, ({ a, x, lower, upper }) => {
      const value = incompleteGamma(a!, x!);
      return Math.max(relative(value.lower, lower!), relative(value.upper, upper!));
    });
    expect(found).toBeLessThan(1e-11);
  });

  test('incompleteBeta keeps both tails to 1e-10, eight standard deviations out', () => {
    const found = worst(fixture['incompleteBeta']!, ({ a, b, x, lower, upper }) => {
      const value = incompleteBeta(a!, b!, x!);
      return Math.max(relative(value.lower, lower!), relative(value.upper, upper!));
    });
    expect(found).toBeLessThan(1e-10);
  });

  test('the normal, Student and chi-square survival functions keep their relative accuracy far out', () => {
    expect(worst(fixture['normal']!, (c) => relative(normalSurvival(c['z']!), c['survival']!))).toBeLessThan(1e-12);
    expect(
      worst(fixture['student']!, (c) => relative(studentSurvival(c['t']!, c['degrees']!), c['survival']!)),
    ).toBeLessThan(1e-11);
    expect(
      worst(fixture['chiSquare']!, (c) => relative(chiSquareSurvival(c['x']!, c['degrees']!), c['survival']!)),
    ).toBeLessThan(1e-11);
  });

  test('quantiles invert them', () => {
    expect(
      worst(fixture['normalQuantile']!, (c) =>
        c['z'] === 0 ? Math.abs(normalQuantile(0.5)) : relative(normalQuantile(c['p']!), c['z']!),
      ),
    ).toBeLessThan(1e-13);
    for (const level of [1e-12, 0.003, 0.05, 0.4, 0.9]) {
      expect(relative(chiSquareSurvival(chiSquareUpperQuantile(level, 7), 7), level)).toBeLessThan(1e-11);
      expect(relative(studentSurvival(studentUpperQuantile(level, 4), 4), level)).toBeLessThan(1e-11);
    }
  });

  test('the noncentral chi-square, the shifted gamma law and the binomial tails agree with SciPy', () => {
    expect(
      worst(fixture['noncentralChiSquare']!, (c) =>
        Math.abs(noncentralChiSquareSurvival(c['x']!, c['degrees']!, c['noncentrality']!) - c['survival']!),
      ),
    ).toBeLessThan(1e-12);
    // Φ(√20 − √noncentrality) is 0 in double precision: at 9e7 by the sum, at 1e30 without one.
    for (const noncentrality of [9e7, 1e30])
      expect(Math.abs(noncentralChiSquareSurvival(20, 3, noncentrality) - 1)).toBeLessThan(1e-12);
    expect(
      worst(fixture['pearsonThree']!, (c) =>
        Math.abs(pearsonThreeSurvival(c['x']!, 0, 1, c['skewness']!) - c['survival']!),
      ),
    ).toBeLessThan(1e-12);
    expect(
      worst(fixture['binomial']!, (c) =>
        Math.max(
          relative(binomialUpperTail(c['successes']!, c['trials']!, c['probability']!), c['upper']!),
          relative(binomialLowerTail(c['successes']!, c['trials']!, c['probability']!), c['lower']!),
        ),
      ),
    ).toBeLessThan(1e-11);
  });

  test('intervals of a proportion are those of scipy.stats.binomtest', () => {
    for (const { successes, trials, confidence, exact } of fixture['intervals']!) {
      const ours = clopperPearsonInterval(successes!, trials!, confidence);
      // SciPy's own root finder stops at 1e-12.
      for (const side of [0, 1] as const) expect(Math.abs(ours[side] - exact[side])).toBeLessThan(1e-10);
    }
  });
});

describe('kolmogorovSurvival, for independent draws', () => {
  test('agrees with scipy.stats.kstwo in both tails', () => {
    expect(
      worst(fixture['kolmogorov']!, (c) => relative(kolmogorovSurvival(c['distance']!, c['count']!), c['survival']!)),
    ).toBeLessThan(1e-8);
  });

  test('has the closed form 2(1 − D) for one draw', () => {
    for (const distance of [0.55, 0.7, 0.99])
      expect(kolmogorovSurvival(distance, 1)).toBeCloseTo(2 * (1 - distance), 13);
  });
});

test('arguments out of range are refused by name', () => {
  expect(() => clopperPearsonInterval(5, 4)).toThrow(UsageError);
  expect(() => clopperPearsonInterval(5, 4)).toThrow(/successes.*5/);
  expect(() => incompleteBeta(-1, 2, 0.5)).toThrow(UsageError);
  expect(() => incompleteGamma(1, NaN)).toThrow(UsageError);
  expect(() => kolmogorovSurvival(0.1, 1.5)).toThrow(/count/);
  expect(() => normalQuantile(2)).toThrow(UsageError);
});
