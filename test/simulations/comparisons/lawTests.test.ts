/** The tests that judge a law by its own distribution function, and what they ask of the draws. */
import { describe, expect, test } from '@jest/globals';
import { NumericalError } from '../../../theory/errors.js';
import { linearStatisticCovariance } from '../../../theory/fluctuations/index.js';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';
import {
  dispersionSums,
  dispersionTest,
  exponentTest,
  expectationsUnderLaw,
  fitExponent,
  laneTest,
  meanSpectrumLevels,
  meanSpectrumTest,
  outlierPlaceTest,
  outlierScores,
  pooledChiSquare,
  spectralFunctions,
} from '../../../simulations/comparisons/index.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { createEnvironment } from '../../../src/draws/environment.js';
import {
  claimedLawGivenWeights,
  claimedLinearStatistics,
  drawGivenWeights,
  linearFluctuations,
} from '../../../src/draws/check/claimedSpectrum.js';
import { performTask } from '../../../src/draws/check/index.js';
import type { LawTask } from '../../../src/draws/check/index.js';
import { unperturbed } from '../../../src/draws/perturbation.js';

const laws = {
  'Marčenko–Pastur': { measure: discreteMeasure([1]), aspectRatio: 0.5 },
  'an atom at zero and a hard edge nearby': { measure: discreteMeasure([1, 0], [0.27, 0.73]), aspectRatio: 0.5 },
  'weights of both signs': { measure: discreteMeasure([-1, 0.3, 2], [0.4, 0.3, 0.3]), aspectRatio: 0.5 },
};

describe('expectations from the distribution function', () => {
  test.each(Object.entries(laws))('%s: ∫ f dF by parts is the contour integral of the transform', (_, given) => {
    const { measure, aspectRatio } = given;
    const law = generalisedMarchenkoPastur(measure, aspectRatio);
    const functions = spectralFunctions(Math.sqrt(law.moment(2)));
    // Another path through the theory: −(1/2πi) ∮ f m dz.
    const { centres } = linearStatisticCovariance({
      law,
      dimension: 1,
      samples: 1 / aspectRatio,
      functions: functions.map(({ value }) => value),
    });
    const wrong = generalisedMarchenkoPastur(measure, 1.001 * aspectRatio);
    const off = expectationsUnderLaw(wrong, functions);
    expectationsUnderLaw(law, functions).forEach((value, k) => {
      expect(Math.abs(value - centres[k]!)).toBeLessThan(2e-8);
      expect(Math.abs(off[k]! - centres[k]!)).toBeGreaterThan(1e-6);
    });
  });

  test('slopes are the derivatives of the functions', () => {
    for (const { value, slope } of spectralFunctions(0.7)) {
      for (const x of [-1.3, -0.2, 0.4, 2]) {
        const step = 1e-5;
        expect(Math.abs(slope(x) - (value(x + step) - value(x - step)) / (2 * step))).toBeLessThan(1e-9);
      }
    }
  });

  test('half the points of the contour keep shift and covariance to 1e-6', () => {
    for (const { measure, aspectRatio } of Object.values(laws)) {
      const law = generalisedMarchenkoPastur(measure, aspectRatio);
      const functions = spectralFunctions(Math.sqrt(law.moment(2))).map(({ value }) => value);
      const options = { law, dimension: 100, samples: 100 / aspectRatio, functions };
      const [full, half] = [undefined, 96].map((halfPoints) =>
        linearStatisticCovariance(halfPoints === undefined ? options : { ...options, halfPoints }),
      );
      functions.forEach((__, k) => {
        const deviation = Math.sqrt(full!.covariance[k]![k]!);
        expect(Math.abs(half!.meanShifts[k]! - full!.meanShifts[k]!)).toBeLessThan(1e-6 * deviation);
        expect(Math.abs(half!.covariance[k]![k]! / full!.covariance[k]![k]! - 1)).toBeLessThan(1e-6);
      });
    }
  });
});

describe('a claimed spectrum (seed "law tests")', () => {
  const dimension = 96;
  const samples = 192;
  const draws = 24;

  test('linear statistics accept the law, and reject an aspect ratio 2 % off in the law alone', async () => {
    const environment = createEnvironment(await createBackend('wasm'));
    const spectra = Array.from({ length: draws }, (_, r) => {
      const stream = randomStream('law tests', 'weights', r);
      // Nearly the off-diagonal weights of a softmax: negative and lognormal.
      const weights = Float64Array.from({ length: samples }, () => -Math.exp(stream.normal()));
      const eigenvalues = drawGivenWeights(weights, dimension, stream, environment);
      return { weights, eigenvalues, fluctuations: linearFluctuations(weights, dimension) };
    });
    const pValue = (aspectRatio: number): number =>
      pooledChiSquare(
        spectra.map(({ weights, eigenvalues, fluctuations }) => {
          const law = claimedLawGivenWeights(weights, dimension, { ...unperturbed, aspectRatio })!;
          return claimedLinearStatistics(eigenvalues, law, fluctuations);
        }),
      ).shift.pValue;
    // One run of a true law falls below 0.01 with probability 0.01; the seed is fixed.
    expect(pValue(1)).toBeGreaterThan(0.01);
    expect(pValue(1.02)).toBeLessThan(1e-4);
    expect(pValue(1 / 1.02)).toBeLessThan(1e-4);
  });

  test('a wrong claim changes neither the draws nor what they are judged by', async () => {
    const environment = createEnvironment(await createBackend('wasm'));
    const task = (aspectRatio: number): LawTask => ({
      kind: 'law',
      purpose: 'law',
      experiment: 'law tests',
      settings: {
        model: 'linear',
        loss: 'ce',
        initialisation: 'lecun',
        activation: 'relu',
        classes: 4,
        dimension: 24,
        samples: 48,
        width: 8,
      },
      inputs: { kind: 'gaussian' },
      seed: 'law tests',
      replicate: 0,
      blocks: [{ i: 0, j: 1 }],
      claimed: [
        {
          law: 'stated',
          perturbation: { ...unperturbed, aspectRatio },
          distances: true,
          levels: false,
          statistics: true,
          weights: false,
        },
      ],
      nulls: 3,
      band: 0,
      keepWeights: false,
    });
    const [right, wrong] = await Promise.all(
      [1, 1.05].map(async (factor) => {
        const result = await performTask(task(factor), environment);
        if (result.kind !== 'law') throw new Error('a law task gives a law result');
        return result.blocks[0]!;
      }),
    );
    expect(wrong!.fresh).toEqual(right!.fresh);
    expect(wrong!.eigenvalues).toEqual(right!.eigenvalues);
    const [own, off] = [right!.claims[0]!, wrong!.claims[0]!];
    expect(off.statistics!.values).toEqual(own.statistics!.values);
    expect(off.statistics!.covariance).toEqual(own.statistics!.covariance);
    expect(off.statistics!.mean).not.toEqual(own.statistics!.mean);
    expect(off.twinDistance).not.toBe(own.twinDistance);
  });
});

describe('places of outliers', () => {
  const law = generalisedMarchenkoPastur(discreteMeasure([1]), 0.5);
  const bulk = Array.from({ length: 98 }, (_, k) => law.quantile((k + 0.5) / 98));
  const spectrum = Float64Array.from([...bulk, 6.2, 7.1]);
  const above = (at: number) => ({ at, multiplicity: 1, side: 'above' as const, deviation: 0.1 });

  test('are compared by rank from the outside, and only those clear of the bulk', () => {
    const scores = outlierScores(spectrum, law, [above(6), above(7), above(2.95)]);
    expect(scores.map(({ z }) => z).sort((a, b) => a - b)).toEqual([expect.closeTo(1, 9), expect.closeTo(2, 9)]);
    // (1 + 2)²/2 on one degree of freedom: P(|Z| > 3/√2) = 0.033894854, SciPy.
    expect(outlierPlaceTest(scores)!.pValue).toBeCloseTo(0.033894854, 8);
    expect(outlierPlaceTest([])).toBeUndefined();
  });

  test('of a block and of its negative have the same scores', () => {
    const negative = generalisedMarchenkoPastur(discreteMeasure([-1]), 0.5);
    const mirrored = [6, 7].map((at) => ({ ...above(-at), side: 'below' as const }));
    expect(outlierScores(spectrum.map((value) => -value).reverse(), negative, mirrored).map(({ z }) => z)).toEqual(
      outlierScores(spectrum, law, [above(6), above(7)]).map(({ z }) => expect.closeTo(z, 9)),
    );
  });

  test('a place 5 % off is as many deviations off as it is', () => {
    expect(outlierScores(spectrum, law, [above(7.1)])[0]!.z).toBeCloseTo(0, 9);
    expect(outlierScores(spectrum, law, [above(1.05 * 7.1)])).toEqual([
      { position: 'outer', z: expect.closeTo(-3.55, 9) },
    ]);
  });
});

describe('draws that do not vary', () => {
  test('are a numerical failure with a sentence where nothing else says how far chance may go', () => {
    const equal = {
      observed: [1, 1],
      nulls: [
        [2, 2, 2],
        [2, 2, 2],
      ],
    };
    expect(() => laneTest(equal)).toThrow(NumericalError);
    expect(() => laneTest(equal)).toThrow(/all equal, so that nothing says how far chance may take the statistic/);
    expect(() => laneTest({ observed: [0.1 + 0.2], nulls: [[0.3, 0.1 + 0.2]] })).toThrow(NumericalError);
    expect(() => dispersionTest([dispersionSums([2, 2, 2, 2, 2])], 2)).toThrow(NumericalError);
  });

  test('contradict a law when they lie off it, and agree when they do not', () => {
    const rows = (gap: number) => Array.from({ length: 8 }, () => meanSpectrumLevels.map(() => gap));
    const stream = () => randomStream('law tests', 'mean spectrum', 0);
    expect(meanSpectrumTest({ rows: rows(2), stream: stream() }).fittedPValue).toBe(0);
    expect(meanSpectrumTest({ rows: rows(0.1), stream: stream() }).fittedPValue).toBe(1);
    const fit = (power: number) =>
      fitExponent({ sizes: [10, 20], values: [10, 20].map((size) => [size ** power, size ** power]) });
    expect(exponentTest(fit(0), -1, 'upper').pValue).toBe(0);
    expect(exponentTest(fit(-2), -1, 'upper').pValue).toBe(1);
    expect(exponentTest(fit(-2), -1).pValue).toBe(0);
  });

  test('the mean of χ² over many draws sees a covariance a tenth too small', () => {
    const stream = randomStream('law tests', 'dispersion', 0);
    const sums = (factor: number) => {
      const values = Array.from({ length: 6000 }, () => (stream.normal() ** 2 + stream.normal() ** 2) / factor);
      return dispersionSums(values);
    };
    expect(dispersionTest([sums(1), sums(1)], 2).pValue).toBeGreaterThan(0.01);
    expect(dispersionTest([sums(0.9)], 2).pValue).toBeLessThan(1e-6);
  });

  test('the mean of skewed values is rejected less than half as often on the low side as by its plain score', () => {
    // Means of 100 values z⁴, of skewness 10: 2.5 % are wanted on either side. Over 4000 sets the plain score gave 13 %
    // below, this one 4.8 % below and 1.9 % above; the bounds are five standard deviations from these.
    const sides = { below: 0, above: 0, plainBelow: 0 };
    const stream = randomStream('law tests', 'skewed means', 0);
    for (let set = 0; set < 4000; set++) {
      const { mean, standardError, score } = dispersionTest(
        [dispersionSums(Array.from({ length: 100 }, () => stream.normal() ** 4))],
        3,
      );
      if (score < -1.96) sides.below++;
      if (score > 1.96) sides.above++;
      if ((mean - 3) / standardError < -1.96) sides.plainBelow++;
    }
    expect(sides.below).toBeLessThan(260);
    expect(sides.above).toBeGreaterThan(30);
    expect(sides.above).toBeLessThan(120);
    expect(sides.plainBelow).toBeGreaterThan(400);
  });
});
