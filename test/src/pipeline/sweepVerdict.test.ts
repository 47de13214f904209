import { describe, expect, test } from '@jest/globals';
import { effectOfWrongLaw } from '../../../src/pipeline/sweep/statistics.js';
import { sweep as sweepPresentation } from '../../../src/cli/presentations/sweep.js';
import { distanceRate, rateRules } from '../../../src/pipeline/sweep/distanceRate.js';
import { type SweepResult } from '../../../figures/sweepResult.js';
import { summariseSweep } from '../../../src/pipeline/sweep/summariseSweep.js';
import { type SweepRow } from '../../../figures/sweepResult.js';
import { rejectionsOf } from '../../../src/pipeline/sweep/verdict.js';

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
    estimate: [],
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
    expect(rejectionsOf(result.verdicts)).toBe(1);
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
    expect(rejectionsOf(agreed.verdicts)).toBe(0);
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

  /** What is drawn for each kind of test: none, one that rejects, one that does not and is strong or weak. */
  const tests = { none: undefined, rejects: [5e-19, 5], strong: [0.5, 5], weak: [0.5, 0.5] } as const;
  const rates = { vanishes: [-1, 0.02], stays: [-0.2, 0.02], open: [-0.75, 0.5], none: [-1, 0.02] } as const;
  const cases: [keyof typeof tests, keyof typeof rates, keyof SweepResult['summary']['verdicts'], RegExp][] = [
    ['rejects', 'vanishes', 'agree in the limit', /holds in the limit: .* At these sizes .* rejected/],
    ['rejects', 'stays', 'disagree', /^Rejected .*: it does not vanish\.$/],
    ['rejects', 'open', 'disagree', /does not hold at these sizes: .*rejected.* Of the limit nothing is said/],
    ['rejects', 'none', 'disagree', /does not hold at these sizes: .*rejected.* Of the limit nothing is said/],
    ['strong', 'vanishes', 'agree', /^Not rejected .* above 0\.99; distance goes like [^.]*\.[^:]*-1\.$/],
    ['strong', 'stays', 'agree', /^Not rejected .*above 0\.99.* but the test, .* decides\.$/],
    ['strong', 'open', 'agree', /^Not rejected .*above 0\.99; distance/],
    ['strong', 'none', 'agree', /^Not rejected .*above 0\.99\.$/],
    ['weak', 'vanishes', 'agree', /^Not rejected .*with probability 0\.0/],
    ['weak', 'stays', 'undecided', /^Not rejected .*too weak to overrule that: more draws would decide\.$/],
    ['weak', 'open', 'undecided', /^Not rejected .*too weak to see .* would decide\.$/],
    ['weak', 'none', 'undecided', /^Not rejected .*too weak to see .* one size shows no rate: .* would decide\.$/],
    ['none', 'vanishes', 'agree', /^The distance .*: it vanishes\.$/],
    ['none', 'stays', 'disagree', /^The distance .*: it does not vanish\.$/],
    ['none', 'open', 'undecided', /^The distance .* would decide\.$/],
    ['none', 'none', 'undecided', /^Mean distance .* would show whether it vanishes\.$/],
  ];
  test.each(cases)(
    'test %s, rate %s: verdict, sentence, count, closing line and exit code say %s',
    (test, rate, verdict, sentence) => {
      const [pValue, effect] = tests[test] ?? [0, 0];
      const [exponent, spread] = rates[rate];
      const name = test === 'none' ? 'law' : 'weights';
      const rows = (rate === 'none' ? [50] : [50, 100, 200]).map((d): SweepRow => {
        const own = distancesLike(exponent * (name === 'law' ? 0.5 : 1), [d], { withLog: name !== 'law', spread })[0]!;
        const base = row(d, exponent, pValue, effect);
        return name === 'law' ? { ...base, weights: [], law: own, pWeights: null } : { ...base, weights: own };
      });
      const result = summariseSweep(rows, ['d'], 0.01);
      expect(only(result)).toMatchObject({ name, verdict, inTheLimit: rate === 'none' ? null : rate });
      expect(only(result).reason).toMatch(sentence);
      // Whatever says "rejected" without "not" counts as a rejection, and nothing else does, but for a distance that
      // stays where no test exists.
      const rejected = /\brejected/i.test(only(result).reason.replace(/not rejected/i, ''));
      const counted = rejectionsOf(result.verdicts);
      expect(counted > 0).toBe(rejected || (test === 'none' && rate === 'stays'));
      expect(result.verdicts).toEqual({ agree: 0, 'agree in the limit': 0, disagree: 0, undecided: 0, [verdict]: 1 });
      const shown = { summary: result, title: '', seed: '', level: 0.01, points: 1 } as unknown as SweepResult;
      expect(sweepPresentation.rejects(shown)).toBe(counted > 0);
      expect(sweepPresentation.table(shown, 200)).toContain(counted > 0 ? '(1 rejected' : '(nothing rejected)');
    },
  );
});
