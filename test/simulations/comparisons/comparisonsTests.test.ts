import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import type { RandomStream } from '../../../simulations/contracts.js';
import {
  couplingCheck,
  effectOf,
  exponentTest,
  findNullTable,
  fitExponent,
  holm,
  iidKolmogorovPValue,
  jointChiSquare,
  judge,
  laneTest,
  monteCarloPValue,
  nullTable,
  nullTableKey,
  tabulated,
  pooledChiSquare,
  powerOfChiSquareTest,
  powerOfMeanTest,
  rateInClasses,
  ratioInterval,
  ratioOfMeans,
  ratioTest,
  requiredReplicates,
  separateOutliers,
  weightsDigest,
} from '../../../simulations/comparisons/index.js';
import { measureFalseAlarmRate, measurePower } from '../../helpers/rejectionRates.js';
import { expectationTest, weightMomentsTest } from '../../helpers/weightTests.js';
import { randomStream } from '../../../simulations/random/index.js';
import { marchenkoPasturDouble, uniformPartsDouble } from '../../doubles/closedFormLaws.js';

const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/scipy/comparisonsTests.json', import.meta.url), 'utf8'),
);
const relative = (actual: number, expected: number): number => Math.abs(actual / expected - 1);

describe('jointChiSquare', () => {
  const given = fixture.jointChiSquare;

  test('is the quadratic form in the inverse covariance, over five orders of magnitude (comparisonsTests.py)', () => {
    const found = jointChiSquare(given);
    expect(relative(found.statistic, given.statistic)).toBeLessThan(1e-9);
    expect(relative(found.pValue, given.pValue)).toBeLessThan(1e-8);
    expect(found.degrees).toBe(4);
    found.zScores.forEach((z, i) => expect(relative(z, given.zScores[i])).toBeLessThan(1e-12));
    expect(found.whitened.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(found.statistic, 10);
  });

  test('drops a statistic that is a function of the others', () => {
    const covariance = [
      [2, 1, 3],
      [1, 2, 3],
      [3, 3, 6],
    ];
    // Third = first + second. (1, −1): χ² = (1, −1) Σ⁻¹ (1, −1)ᵀ = 2.
    const found = jointChiSquare({ values: [1, -1, 0], mean: [0, 0, 0], covariance });
    expect(found.degrees).toBe(2);
    expect(found.statistic).toBeCloseTo(2, 12);
    expect(found.whitened[2]).toBeNaN();
  });

  test('a statistic without variance must equal its mean', () => {
    const covariance = [[0]];
    expect(jointChiSquare({ values: [3], mean: [3], covariance }).pValue).toBe(1);
    expect(jointChiSquare({ values: [3.1], mean: [3], covariance }).pValue).toBe(0);
  });

  test('pooled: a shift common to four draws has four times the statistic, and the total adds degrees', () => {
    const draw = {
      values: [1, 2],
      mean: [0, 0],
      covariance: [
        [4, 0],
        [0, 1],
      ],
    };
    const { shift, total } = pooledChiSquare([draw, draw, draw, draw]);
    expect(shift.statistic).toBeCloseTo(4 * (1 / 4 + 4), 12);
    expect(shift.degrees).toBe(2);
    expect(total.statistic).toBeCloseTo(4 * (1 / 4 + 4), 12);
    expect(total.degrees).toBe(8);
  });

  test('pooled: the scale of a draw does not matter, and errors of opposite sign are seen by the total alone', () => {
    const scaled = (factor: number, sign: number) => ({
      values: [2 * sign * factor],
      mean: [0],
      covariance: [[factor ** 2]],
    });
    expect(pooledChiSquare([scaled(1, 1), scaled(1e6, 1)]).shift.statistic).toBeCloseTo(8, 12);
    const opposed = pooledChiSquare([scaled(1, 1), scaled(1e6, -1)]);
    expect(opposed.shift.statistic).toBeCloseTo(0, 12);
    expect(opposed.total.statistic).toBeCloseTo(8, 12);
    expect(
      powerOfChiSquareTest({
        draws: [1, 1e6].map((factor) => ({ shift: [factor], covariance: [[factor ** 2]] })),
        replicates: 9,
        level: 0.05,
      }),
    ).toBeCloseTo(powerOfMeanTest({ effect: 1, replicates: 9, level: 0.05, sides: 2 }), 10);
  });

  test('refuses sizes that disagree and matrices that are no covariance', () => {
    expect(() => jointChiSquare({ values: [1], mean: [1, 2], covariance: [[1]] })).toThrow(UsageError);
    expect(() =>
      jointChiSquare({
        values: [1, 1],
        mean: [1, 2],
        covariance: [
          [1, 2],
          [2, 1],
        ],
      }),
    ).toThrow(/semi-definite/);
    expect(() => jointChiSquare({ values: [1], mean: [1], covariance: [[-1]] })).toThrow(/variances/);
  });
});

describe('ratios over draws', () => {
  const { numerators, denominators, predicted, ratio, standardError, z, pValue } = fixture.ratio;

  test('the ratio of means, its delta-method error and the t-test of a prediction (comparisonsTests.py)', () => {
    expect(relative(ratioOfMeans(numerators, denominators).ratio, ratio)).toBeLessThan(1e-13);
    expect(relative(ratioOfMeans(numerators, denominators).standardError, standardError)).toBeLessThan(1e-12);
    const found = ratioTest(numerators, denominators, predicted);
    expect(relative(found.z, z)).toBeLessThan(1e-11);
    expect(relative(found.pValue, pValue)).toBeLessThan(1e-10);
  });

  test('the interval contains the estimate and scales with the numerators', () => {
    const interval = (factor: number) =>
      ratioInterval({
        numerators: numerators.map((value: number) => factor * value),
        denominators,
      }).interval;
    expect(interval(1)[0]).toBeLessThan(ratio);
    expect(interval(1)[1]).toBeGreaterThan(ratio);
    expect(interval(1e9)[1] / interval(1)[1]).toBeCloseTo(1e9, 0);
  });

  test('needs two draws and positive means', () => {
    expect(() => ratioOfMeans([1], [1])).toThrow(/at least 2 independent draws/);
    expect(() => ratioInterval({ numerators: [1, -2], denominators: [1, 1] })).toThrow(UsageError);
  });
});

describe('nulls', () => {
  test('monteCarloPValue counts the observation itself and ties against rejection', () => {
    expect(monteCarloPValue(5, [1, 2, 3])).toBe(0.25);
    expect(monteCarloPValue(2, [1, 2, 3])).toBe(0.75);
    expect(monteCarloPValue(0, [1, 2, 3], 'lower')).toBe(0.25);
    expect(monteCarloPValue(5, [1, 2, 3], 'two-sided')).toBe(0.5);
    expect(() => monteCarloPValue(1, [])).toThrow(UsageError);
    expect(() => monteCarloPValue(NaN, [1])).toThrow(UsageError);
  });

  test('laneTest adds the lanes up and its z is the textbook one', () => {
    const nulls = [
      [1, 2, 3],
      [10, 30, 20],
    ];
    const found = laneTest({ observed: [4, 31], nulls });
    expect(found.statistic).toBe(35);
    expect(found.pValue).toBe(0.25);
    // Means 2 and 20, variances 1 and 100, inflated by 1 + 1/3.
    expect(found.z).toBeCloseTo((35 - 22) / Math.sqrt((101 * 4) / 3), 12);
    expect(() => laneTest({ observed: [1], nulls })).toThrow(/one lane per observed value/);
  });

  test('a table is found under its settings and under no others', () => {
    const settings = {
      statistic: 'kolmogorov',
      dimension: 4,
      samples: 8,
      weights: 'ones',
      seed: '1',
      stream: 'null',
      replicates: 3,
    };
    const table = nullTable(settings, [3, 1, 2]);
    expect(table.values).toEqual([3, 1, 2]);
    const cache = new Map([[nullTableKey(settings), JSON.parse(JSON.stringify(table))]]);
    expect(findNullTable(cache, settings)?.values).toEqual([3, 1, 2]);
    expect(findNullTable(cache, { ...settings, samples: 9 })).toBeUndefined();
    expect(() => nullTable(settings, [1])).toThrow(/replicates/);
    // Statistics of the same draws are drawn where one is missing, all of them, and then found.
    let draws = 0;
    const both = [settings, { ...settings, statistic: 'excess' }];
    const drawn = () => tabulated(both, cache, () => [[3, 1, 2].map((value) => value + draws), [4, ++draws, 6]]);
    expect(drawn()).toEqual({
      values: [
        [3, 1, 2],
        [4, 1, 6],
      ],
      fromTable: false,
    });
    expect(drawn()).toEqual({
      values: [
        [3, 1, 2],
        [4, 1, 6],
      ],
      fromTable: true,
    });
    expect(tabulated(both, undefined, () => [[0], [1]])).toEqual({ values: [[0], [1]], fromTable: false });
  });

  test('weightsDigest is FNV-1a, 64 bits', () => {
    // Published test vector of the empty input: the offset basis.
    expect(weightsDigest(new Float64Array(0))).toBe('cbf29ce484222325');
    expect(weightsDigest(Float64Array.of(1, 2))).not.toBe(weightsDigest(Float64Array.of(2, 1)));
  });

  test('iidKolmogorovPValue wears its label', () => {
    expect(iidKolmogorovPValue(0.013, 200)).toMatchObject({ label: 'void' });
    // scipy.stats.kstwo.sf(0.013, 200) = 1 − 7e-14.
    expect(iidKolmogorovPValue(0.013, 200).value).toBeGreaterThan(0.99999);
  });
});

describe('couplingCheck', () => {
  test('compares whole numbers, so that the bound itself is allowed', () => {
    const eigenvalues = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const moved = Float64Array.of(3, 4, 5, 6, 7, 8, 9, 10);
    expect(couplingCheck({ eigenvalues, twinEigenvalues: moved, rank: 1 })).toMatchObject({
      distance: 0.25,
      bound: 0.25,
      holds: true,
      informative: true,
    });
    const further = Float64Array.of(4, 5, 6, 7, 8, 9, 10, 11);
    expect(couplingCheck({ eigenvalues, twinEigenvalues: further, rank: 1 }).holds).toBe(false);
    expect(couplingCheck({ eigenvalues, twinEigenvalues: further, rank: 4 }).informative).toBe(false);
  });

  test('rounding at exact zeros does not break it', () => {
    const eigenvalues = Float64Array.of(-1e-17, 2e-17, 3e-17, 1);
    const twinEigenvalues = Float64Array.of(-4e-17, -2e-17, 1e-17, 1);
    expect(couplingCheck({ eigenvalues, twinEigenvalues, rank: 0 })).toMatchObject({ distance: 0, holds: true });
  });

  test('refuses spectra of different length', () => {
    expect(() =>
      couplingCheck({ eigenvalues: Float64Array.of(1), twinEigenvalues: Float64Array.of(1, 2), rank: 1 }),
    ).toThrow(UsageError);
  });
});

describe('separateOutliers', () => {
  const law = uniformPartsDouble([
    { interval: [1, 2], mass: 0.5 },
    { interval: [4, 5], mass: 0.5 },
  ]);
  const bulk = Float64Array.from({ length: 200 }, (_, i) => (i < 100 ? 1 + (i + 0.5) / 100 : 4 + (i - 99.5) / 100));
  const spectrum = (...extra: number[]): Float64Array => Float64Array.of(...bulk, ...extra).sort();
  const outlier = (at: number, side: 'below' | 'above' | 'gap', multiplicity = 1) => ({ at, side, multiplicity });

  test('pairs predictions with eigenvalues in order and takes nothing from inside the support', () => {
    const found = separateOutliers(spectrum(0.2, 6.9, 7.2), law, [outlier(7, 'above', 2), outlier(0.21, 'below')]);
    expect(found.matched.map(({ predicted, eigenvalue }) => [predicted.at, eigenvalue])).toEqual([
      [0.21, 0.2],
      [7, 6.9],
      [7, 7.2],
    ]);
    expect(found.bulk).toEqual(bulk);
    expect(found.missing).toEqual([]);
    expect(found.unexplained).toEqual([]);
  });

  test('finds one in a gap between two intervals', () => {
    const found = separateOutliers(spectrum(3.05), law, [outlier(3, 'gap')]);
    expect(found.matched).toHaveLength(1);
    expect(found.bulk).toEqual(bulk);
  });

  test('reports what is missing and what is unexplained', () => {
    const found = separateOutliers(spectrum(9), law, [outlier(20, 'above')]);
    expect(found.missing).toMatchObject([{ at: 20 }]);
    expect(found.unexplained).toEqual([9]);
    expect(found.bulk).toEqual(bulk);
  });

  test('an eigenvalue a little outside stays in the bulk, and a prediction that near is called merged', () => {
    // Edge scale of the upper interval: 1/201 of mass at density 1/2 is 0.00995; the rule's room is twice that.
    const found = separateOutliers(spectrum(5.015), law, []);
    expect(found.unexplained).toEqual([]);
    expect(found.bulk).toHaveLength(201);
    expect(separateOutliers(spectrum(5.025), law, []).unexplained).toEqual([5.025]);
    expect(separateOutliers(bulk, law, [outlier(5.02, 'above')]).merged).toHaveLength(1);
  });

  test('every eigenvalue and every prediction is accounted for once', () => {
    const values = spectrum(-3, 0.5, 2.9, 3.1, 6, 6.5, 30);
    const predictions = [outlier(0.6, 'below'), outlier(3, 'gap', 2), outlier(6.2, 'above', 3), outlier(100, 'above')];
    const { bulk: rest, matched, merged, missing, unexplained } = separateOutliers(values, law, predictions);
    expect(rest.length + matched.length + unexplained.length).toBe(values.length);
    expect(matched.length + merged.length + missing.length).toBe(7);
    expect(unexplained).toEqual([-3, 30]);
  });
});

describe('rates', () => {
  const given = fixture.exponent;

  test('fitExponent is the regression on size means with Welch–Satterthwaite degrees (comparisonsTests.py)', () => {
    const fit = fitExponent(given);
    expect(fit.exponent).toBeCloseTo(given.exponent, 12);
    expect(fit.standardError).toBeCloseTo(given.standardError, 12);
    expect(fit.degrees).toBeCloseTo(given.degrees, 9);
    expect(fit.interval[0]).toBeCloseTo(given.interval[0], 10);
    expect(fit.interval[1]).toBeCloseTo(given.interval[1], 10);
    expect(fit.linearity).toBeCloseTo(given.linearity, 10);
    expect(exponentTest(fit, -0.9).pValue).toBeGreaterThan(0.01);
    expect(exponentTest(fit, -0.5).pValue).toBeLessThan(1e-6);
  });

  test('the logarithm is divided out on request', () => {
    const sizes = [100, 300, 900];
    const values = sizes.map((size) => [0.9, 1.1].map((factor) => (factor * Math.log(size)) / size));
    expect(fitExponent({ sizes, values, logCorrection: true }).exponent).toBeCloseTo(-1, 12);
    expect(fitExponent({ sizes, values }).exponent).toBeGreaterThan(-0.9);
  });

  test('refuses one size, and values that are not positive', () => {
    expect(() => fitExponent({ sizes: [10], values: [[1, 2]] })).toThrow(UsageError);
    expect(() =>
      fitExponent({
        sizes: [10, 20],
        values: [
          [1, 0],
          [1, 2],
        ],
      }),
    ).toThrow(/positive/);
  });

  test('rateInClasses judges by the exact curve and shows the bias of the straight line', () => {
    // Exact curve r(C) = (1 + 5/C)/C²: slope −2 in the limit only.
    const exact = (classes: number): number => (1 + 5 / classes) / classes ** 2;
    const point = (classes: number, factor: number) => {
      const denominators = [0.98, 1, 1.02, 1.01, 0.99];
      const scatter = [1.01, 0.99, 1, 1.02, 0.98];
      return {
        classes,
        exact: exact(classes),
        denominators,
        numerators: denominators.map((d, i) => factor * exact(classes) * d * scatter[i]!),
      };
    };
    const right = rateInClasses({ points: [4, 8, 16, 32].map((classes) => point(classes, 1)), limit: -2 });
    expect(right.curve.pValue).toBeGreaterThan(0.1);
    expect(right.curve.degrees).toBe(4);
    expect(right.rows[0]!.localExponentExact).toBeCloseTo(Math.log(exact(8) / exact(4)) / Math.log(2), 12);
    // Least squares through four equally spaced logs: slope = (3(y₄ − y₁) + (y₃ − y₂))/(10 log 2).
    const y = [4, 8, 16, 32].map((classes) => Math.log(exact(classes)));
    expect(right.line.exact).toBeCloseTo((3 * (y[3]! - y[0]!) + y[2]! - y[1]!) / (10 * Math.log(2)), 12);
    expect(right.line.bias).toBeLessThan(-0.2);
    expect(right.line.measured).toBeCloseTo(right.line.exact, 2);
    const wrong = rateInClasses({ points: [4, 8, 16, 32].map((classes) => point(classes, 1.1)), limit: -2 });
    expect(wrong.curve.pValue).toBeLessThan(1e-4);
  });
});

describe('verdicts', () => {
  test('holm adjusts as the step-down procedure does (comparisonsTests.py)', () => {
    const tests = fixture.holm.pValues.map((pValue: number, i: number) => ({ id: String(i), pValue }));
    holm(tests, 0.05).forEach(({ id, adjusted, rejected }, i) => {
      expect(id).toBe(String(i));
      expect(adjusted).toBeCloseTo(fixture.holm.adjusted[i], 14);
      expect(rejected).toBe(fixture.holm.adjusted[i] <= 0.05);
    });
    expect(() => holm([{ id: 'a', pValue: 1.5 }], 0.05)).toThrow(/"a"/);
  });

  test('judge: rejection before power, power before agreement', () => {
    const fine = [
      { id: 'a', pValue: 0.4 },
      { id: 'b', pValue: 0.02 },
    ];
    expect(judge({ tests: fine, level: 0.01 })).toMatchObject({ verdict: 'agree' });
    expect(judge({ tests: fine, level: 0.05 })).toMatchObject({ verdict: 'disagree' });
    expect(judge({ tests: fine, level: 0.05, familySize: 4 })).toMatchObject({ verdict: 'agree', level: 0.025 });
    expect(judge({ tests: fine, exactFailures: ['coupling in draw 3'] })).toMatchObject({ verdict: 'disagree' });
    expect(judge({ tests: [] })).toMatchObject({ verdict: 'undecided' });
    const weak = judge({
      tests: fine,
      powers: [
        { alternative: 'aspect ratio off by 5 %', power: 0.99, replicatesNeeded: 4 },
        { alternative: 'C off by one', power: 0.5, replicatesNeeded: 40 },
      ],
    });
    expect(weak).toMatchObject({ verdict: 'undecided', replicatesNeeded: 40 });
    expect(weak.reason).toContain('C off by one');
    // Two decimals of 0.9487 are those of the bound that it is below.
    const near = judge({ tests: fine, powers: [{ alternative: 'C off by one', power: 0.9487, replicatesNeeded: 40 }] });
    expect(near.reason).toContain('is 0.94, below 0.95; 40 draws would be enough');
    expect(judge({ tests: [{ id: 'a', pValue: 0 }], powers: weak.powers })).toMatchObject({ verdict: 'disagree' });
  });

  test('power and replicates follow their formulas', () => {
    // z_{0.95} + z_{0.95} = 3.2897: one replicate with that effect has power 0.95 at level 0.05.
    expect(powerOfMeanTest({ effect: 3.289707253902945, replicates: 1, level: 0.05 })).toBeCloseTo(0.95, 12);
    expect(powerOfMeanTest({ effect: 0, replicates: 9, level: 0.05, sides: 2 })).toBeCloseTo(0.05, 12);
    const power = (replicates: number) => powerOfMeanTest({ effect: 0.5, replicates, level: 0.05 });
    // (3.2897/0.5)² = 43.3
    expect(requiredReplicates({ power })).toBe(44);
    expect(requiredReplicates({ power: () => 0.1, maximum: 1000 })).toBe(Infinity);
    const covariance = [
      [1, 0],
      [0, 4],
    ];
    expect(powerOfChiSquareTest({ shift: [0, 0], covariance, replicates: 3, level: 0.05 })).toBeCloseTo(0.05, 10);
    // scipy.stats.ncx2.sf(scipy.stats.chi2.isf(0.05, 2), 2, 10) = 0.8154209
    expect(powerOfChiSquareTest({ shift: [1, 4], covariance, replicates: 2, level: 0.05 })).toBeCloseTo(0.8154209, 6);
    expect(effectOf([1, 2, 3], [4, 6, 8])).toEqual({ effect: 4, spread: 2 });
  });

  test('calibration counts rejections and gives the binomial interval', () => {
    const settings = { stream: (run: number) => randomStream('calibration', 'unit', run), runs: 400, level: 0.05 };
    const fair = measureFalseAlarmRate({ ...settings, test: (stream: RandomStream) => stream.uniform() });
    // A fair test: rate within the interval with probability 0.95 over seeds; this seed is one of those.
    expect(fair.interval[0]).toBeLessThanOrEqual(fair.rate);
    expect(fair.interval[1]).toBeGreaterThanOrEqual(fair.rate);
    expect(fair.holds).toBe(true);
    const alarming = measureFalseAlarmRate({ ...settings, test: (stream: RandomStream) => stream.uniform() ** 2 });
    expect(alarming.holds).toBe(false);
    expect(measurePower({ ...settings, test: () => 0 }).rate).toBe(1);
    expect(() => measurePower({ ...settings, test: () => NaN })).toThrow(/run 0 gave NaN/);
  });
});

describe('weights against their law', () => {
  const draw = (replicate: number, make: (stream: RandomStream) => number): Float64Array => {
    const stream = randomStream('weights', 'unit', replicate);
    return Float64Array.from({ length: 400 }, () => make(stream));
  };
  /** E a^k of the uniform law on [0, 1]. */
  const moments = [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5];

  test('weightMomentsTest accepts the true law and sees a variance off by a tenth', () => {
    const right = Array.from({ length: 10 }, (_, r) => ({ weights: draw(r, (s) => s.uniform()), moments }));
    // Two p-values above 0.001: false alarm 0.002 over seeds.
    expect(weightMomentsTest(right).shift.pValue).toBeGreaterThan(0.001);
    expect(weightMomentsTest(right).total.pValue).toBeGreaterThan(0.001);
    const wrong = right.map(({ weights }) => ({
      weights: weights.map((a) => 0.5 + (a - 0.5) * Math.sqrt(1.1)),
      moments,
    }));
    expect(weightMomentsTest(wrong).shift.pValue).toBeLessThan(1e-4);
  });

  test('gates, whose powers are all one statistic, have one degree of freedom', () => {
    const gates = [{ weights: draw(1, (s) => (s.uniform() < 0.5 ? 3 : 0)), moments: [1, 1.5, 4.5, 13.5, 40.5] }];
    expect(weightMomentsTest(gates).shift.degrees).toBe(1);
    expect(weightMomentsTest(gates).shift.pValue).toBeGreaterThan(0.001);
  });

  test('expectationTest counts only the gap beyond its allowance', () => {
    const values = [1.1, 0.9, 1.2, 0.8, 1.0];
    expect(expectationTest(values, 1)).toMatchObject({ z: 0, pValue: 1 });
    const { standardError } = expectationTest(values, 1);
    expect(standardError).toBeCloseTo(Math.sqrt(0.025 / 5), 12);
    expect(expectationTest(values, 0.5).z).toBeCloseTo(0.5 / standardError, 10);
    expect(expectationTest(values, 0.5, 0.3).z).toBeCloseTo(0.2 / standardError, 10);
    expect(expectationTest(values, 0.5, 0.6).pValue).toBe(1);
  });
});

test('the double of MP has the moments 1 + c and 1 + 3c + c²', () => {
  expect(marchenkoPasturDouble(0.5).moment(2)).toBeCloseTo(1.5, 14);
  expect(marchenkoPasturDouble(0.5).moment(3)).toBeCloseTo(1 + 3 * 0.5 + 0.25, 14);
});
