import { describe, expect, test } from '@jest/globals';
import { effectOfWrongLaw } from '../../../src/pipeline/sweep/statistics.js';
import { summariseSweep, sweepRejects } from '../../../src/pipeline/sweep/summariseSweep.js';
import { type SweepRow } from '../../../src/pipeline/sweep/contract.js';
import { combinedVerdict, distanceRate, rateRules } from '../../../src/pipeline/sweep/verdict.js';

describe('combinedVerdict: the table of its file', () => {
  test.each([
    ['disagree', 'vanishes', 'agree in the limit'],
    ['disagree', 'stays', 'disagree'],
    ['disagree', 'open', 'undecided'],
    ['disagree', undefined, 'undecided'],
    ['agree', 'vanishes', 'agree'],
    ['agree', 'open', 'agree'],
    ['agree', 'stays', 'agree'],
    ['agree', undefined, 'agree'],
    ['undecided', 'vanishes', 'agree'],
    ['undecided', 'open', 'agree'],
    ['undecided', 'stays', 'undecided'],
    ['undecided', undefined, 'agree'],
    [undefined, 'vanishes', 'agree'],
    [undefined, 'stays', 'disagree'],
    [undefined, 'open', 'undecided'],
    [undefined, undefined, 'undecided'],
  ] as const)('test %s, rate %s: %s', (test, rate, verdict) => {
    expect(combinedVerdict(test, rate)).toBe(verdict);
  });
});

/**
 * Four distances a size around c d^b, times log d if wished, spread by a factor e^±spread whose mean logarithm is 0.
 */
function distancesLike(
  exponent: number,
  sizes: readonly number[],
  { withLog, spread }: { withLog: boolean; spread: number },
): number[][] {
  return sizes.map((d) =>
    [-1, -0.5, 0.5, 1].map((k) => Math.exp(k * spread) * d ** exponent * (withLog ? Math.log(d) : 1)),
  );
}

describe('distanceRate', () => {
  const sizes = [50, 100, 200];
  // An exact power law: its exponent is the fitted one.
  test.each([
    ['law', -0.5, 'vanishes'],
    ['law', -0.2, 'stays'],
    ['law', 0, 'stays'],
    ['weights', -1, 'vanishes'],
    ['weights', -0.6, 'stays'],
    ['applicable', 0, 'stays'],
  ] as const)('%s: d^%d %s', (name, exponent, verdict) => {
    const rate = distanceRate(
      sizes,
      distancesLike(exponent, sizes, { withLog: name !== 'law', spread: 0.02 }),
      rateRules[name],
    )!;
    expect(rate.fit.exponent).toBeCloseTo(exponent, 12);
    expect(rate.verdict).toBe(verdict);
  });
  test('the interval decides, not the exponent: scattered draws leave it open', () => {
    expect(
      distanceRate(sizes, distancesLike(-0.5, sizes, { withLog: false, spread: 0.5 }), rateRules.law)!.verdict,
    ).toBe('open');
  });
  test('one size has no rate', () => {
    expect(distanceRate([50], [[1, 2]], rateRules.law)).toBeUndefined();
  });
});

describe('effectOfWrongLaw', () => {
  test('shift and spread in standard deviations of the null, within lanes', () => {
    // Lanes of different levels: deviation 1 within each (values m ± 1/√2), shifts 2 and 4, wrong spread 3 times as
    // large.
    const lane = (level: number, shift: number) => ({
      observed: level,
      nulls: [level - Math.SQRT1_2, level + Math.SQRT1_2],
      wrong: [level + shift - 3 * Math.SQRT1_2, level + shift + 3 * Math.SQRT1_2],
    });
    const { effect, spread } = effectOfWrongLaw([lane(10, 2), lane(500, 4)])!;
    expect(effect).toBeCloseTo(3, 10);
    expect(spread).toBeCloseTo(3, 10);
    expect(effectOfWrongLaw([])).toBeNull();
  });
});

describe('summariseSweep', () => {
  const row = (d: number, exponent: number, pWeights: number, effect: number): SweepRow => ({
    point: d,
    values: { d },
    block: 'output-diagonal',
    order: d,
    applies: 'given weights',
    reason: '',
    replicates: 4,
    vanishes: false,
    law: [],
    weights: distancesLike(exponent, [d], { withLog: true, spread: 0.02 })[0]!,
    applicable: [],
    squaredNorms: [1, 1, 1, 1],
    shape: [1],
    pWeights,
    pApplicable: null,
    wrongWeights: { effect, spread: 1 },
    wrongApplicable: null,
    coupling: null,
  });
  const summary = (exponent: number, pValue: number, effect = 5) =>
    summariseSweep(
      [50, 100, 200].map((d) => row(d, exponent, pValue, effect)),
      ['d'],
      0.01,
    );
  const only = (result: ReturnType<typeof summary>) => result.groups[0]!.comparisons[0]!;

  test('a correction that is seen while the distance vanishes is named, carries both answers, and counts as a rejection', () => {
    const result = summary(-1, 5e-19);
    expect(only(result)).toMatchObject({
      verdict: 'agree in the limit',
      inTheLimit: 'vanishes',
      rejectedAtTheseSizes: true,
    });
    // Holm over three tests of the same p-value: three times it.
    expect(only(result).smallestAdjustedPValue).toBeCloseTo(1.5e-18, 24);
    expect(only(result).reason).toBe(
      'The law holds in the limit: the distance goes like d^-1.00 (log d divided out), 95 % interval -1.02 to -0.98, predicted -1. At these sizes the finite-size correction is seen: rejected against fresh draws of the law (adjusted p = 1.5e-18).',
    );
    expect(result.verdicts).toEqual({ agree: 0, 'agree in the limit': 1, disagree: 0, undecided: 0 });
    expect(sweepRejects(result)).toBe(true);
  });
  test('a distance that stays disagrees; one that is not rejected agrees and states its power', () => {
    expect(only(summary(-0.2, 5e-19)).verdict).toBe('disagree');
    const agreed = summary(-1, 0.5);
    expect(only(agreed)).toMatchObject({
      verdict: 'agree',
      rejectedAtTheseSizes: false,
      power: { alternative: 'aspect ratio 5 % too large' },
    });
    expect(only(agreed).reason).toMatch(/5 % too large would be, with probability above 0\.99;/);
    expect(sweepRejects(agreed)).toBe(false);
  });
  test('against a distance that stays, a test that does not reject must have its power', () => {
    expect(only(summary(-0.2, 0.5, 5)).verdict).toBe('agree');
    expect(only(summary(-0.2, 0.5, 0.5)).verdict).toBe('undecided');
  });
  test('a weak test says how many draws it would take', () => {
    // P(Z > z − effect √R) with z = 2.7131, the normal quantile of 1 − 0.01/3, effect 1/2, R = 4: P(Z > 1.7131) =
    // 0.0433; 0.95 needs √R/2 ≥ 2.7131 + 1.6449, R ≥ 75.97.
    const { power, reason } = only(summary(-1, 0.5, 0.5));
    expect(power!.probability).toBeCloseTo(0.0433, 3);
    expect(power!.replicatesNeeded).toBe(76);
    expect(reason).toContain('with probability 0.04 (0.95 takes 76 draws)');
  });
});
