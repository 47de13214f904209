/**
 * False alarms and power of the tests of a spectrum, on drawn matrices. Every rate is a count over runs with fixed
 * seeds; a rate is held against the 99.9 % Clopper–Pearson interval of its level, so that a right test fails here with
 * probability 0.001 over seeds.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { SpectralLaw } from '../../../theory/contracts.js';
import { traceMoments, type TraceMoments } from '../../../theory/fluctuations/index.js';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';
import {
  clopperPearsonInterval,
  distances,
  iidKolmogorovPValue,
  kolmogorovDistance,
  laneTest,
  meanSpectrumTest,
  spectrumGaps,
  monteCarloPValue,
  nullSpectra,
  pooledChiSquare,
  type StatisticsOfDraw,
} from '../../../simulations/comparisons/index.js';
import { measureFalseAlarmRate } from '../../helpers/rejectionRates.js';
import type { Backend, RandomStream } from '../../../simulations/contracts.js';
import { wasmBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { marchenkoPasturDouble, semicircleDouble } from '../../doubles/closedFormLaws.js';

const seed = 'comparisons nulls 1';
let backend: Backend;
beforeAll(async () => {
  backend = await wasmBackend();
});

/** p(1 − p) of one of ten classes with independent normal logits. */
function softmaxWeights(samples: number, stream: RandomStream): Float64Array {
  return Float64Array.from({ length: samples }, () => {
    const odds = Array.from({ length: 10 }, () => Math.exp(stream.normal()));
    const p = odds[0]! / odds.reduce((sum, value) => sum + value, 0);
    return p * (1 - p);
  });
}
const ones = (samples: number): Float64Array => new Float64Array(samples).fill(1);
const contains = (rejections: number, runs: number, level: number): boolean => {
  const [lower, upper] = clopperPearsonInterval(rejections, runs, 0.999);
  return lower <= level && level <= upper;
};

describe(`the textbook p-value (seed ${seed})`, () => {
  test('never rejects: 200 Wishart spectra against the true law, and against one 2 % off', () => {
    const workspace = backend.createWorkspace(100, 200);
    const spectra = nullSpectra({
      workspace,
      weights: ones(200),
      replicates: 200,
      stream: (r) => randomStream(seed, 'void', r),
    });
    const smallest = (law: SpectralLaw): number =>
      Math.min(...spectra.map((e) => iidKolmogorovPValue(kolmogorovDistance(e, law), 100).value));
    // Two hundred p-values of a valid test would all exceed 0.99 with probability 1e-400.
    expect(smallest(marchenkoPasturDouble(0.5))).toBeGreaterThan(0.99);
    expect(smallest(marchenkoPasturDouble(0.51))).toBeGreaterThan(0.99);
  });
});

describe(`Monte Carlo p-values (seed ${seed})`, () => {
  test('of every distance have the stated false-alarm rate, 400 runs at level 0.05', () => {
    const law = marchenkoPasturDouble(0.5);
    const workspace = backend.createWorkspace(24, 48);
    const names = [
      'kolmogorov',
      'kuiper',
      'cramerVonMises',
      'andersonDarling',
      'wasserstein1',
      'wasserstein2',
    ] as const;
    const rejections = new Map(names.map((name) => [name, 0]));
    for (let run = 0; run < 400; run++) {
      const spectra = nullSpectra({
        workspace,
        weights: ones(48),
        replicates: 20,
        stream: randomStream(seed, 'false alarms', run),
      });
      const found = spectra.map((eigenvalues) => distances(eigenvalues, law));
      for (const name of names) {
        const [observed, ...nulls] = found.map((each) => each[name]);
        if (monteCarloPValue(observed!, nulls) <= 0.05) rejections.set(name, rejections.get(name)! + 1);
      }
    }
    for (const name of names)
      expect([name, rejections.get(name), contains(rejections.get(name)!, 400, 0.05)]).toEqual([
        name,
        rejections.get(name),
        true,
      ]);
  });

  test('against draws of the claimed law, one lane per replicate, see an aspect ratio 10 % off and not the true one', () => {
    const observed = nullSpectra({
      workspace: backend.createWorkspace(100, 200),
      weights: ones(200),
      replicates: 10,
      stream: (r) => randomStream(seed, 'lane', r),
    });
    // A claim of 222 samples is an aspect ratio 10 % too small; its spectra are drawn as claimed, and every distance is
    // to the claimed law.
    const pValue = (samples: number): number => {
      const law = marchenkoPasturDouble(100 / samples);
      const workspace = backend.createWorkspace(100, samples);
      const nulls = observed.map((_, r) =>
        nullSpectra({
          workspace,
          weights: ones(samples),
          replicates: 19,
          stream: randomStream(seed, `claimed ${samples}`, r),
        }).map((e) => kolmogorovDistance(e, law)),
      );
      const found = laneTest({ observed: observed.map((e) => kolmogorovDistance(e, law)), nulls });
      expect(found.pValue).toBeGreaterThanOrEqual(1 / 20);
      return found.fittedPValue;
    };
    expect(pValue(200)).toBeGreaterThan(0.001);
    expect(pValue(222)).toBeLessThan(1e-3);
  });

  test('from the fitted gamma law have a false-alarm rate near the level with 4 null values in each of 16 lanes', () => {
    // Only the arithmetic of lanes is at stake: statistics are drawn from a skewed law, Γ(4), as skewed as d·D.
    const gamma = (stream: RandomStream): number =>
      -Math.log((1 - stream.uniform()) * (1 - stream.uniform()) * (1 - stream.uniform()) * (1 - stream.uniform()));
    const lanes = (stream: RandomStream): number =>
      laneTest({
        observed: Array.from({ length: 16 }, () => gamma(stream)),
        nulls: Array.from({ length: 16 }, () => Array.from({ length: 4 }, () => gamma(stream))),
      }).fittedPValue;
    const { rejections } = measureFalseAlarmRate({
      test: lanes,
      stream: (run) => randomStream(seed, 'gamma lanes', run),
      runs: 2000,
      level: 0.05,
    });
    expect(contains(rejections, 2000, 0.05)).toBe(true);
  });
});

describe(`traces given the drawn weights (seed ${seed})`, () => {
  const dimension = 100;
  const samples = 200;
  let weights: Float64Array;
  let moments: TraceMoments;
  let law: SpectralLaw;
  let spectra: Float64Array[];
  beforeAll(() => {
    weights = softmaxWeights(samples, randomStream(seed, 'weights', 0));
    moments = traceMoments({ weights, dimension });
    law = generalisedMarchenkoPastur(discreteMeasure(weights), dimension / samples);
    const workspace = backend.createWorkspace(dimension, samples);
    spectra = nullSpectra({ workspace, weights, replicates: 1600, stream: (r) => randomStream(seed, 'traces', r) });
  });
  const traces = (eigenvalues: Float64Array): number[] =>
    [1, 2, 3, 4].map((k) => eigenvalues.reduce((sum, value) => sum + value ** k, 0));
  const statistics = (eigenvalues: Float64Array, claimed: SpectralLaw = law): StatisticsOfDraw => ({
    values: traces(eigenvalues),
    // A claimed law moves the exact mean by d times its error in each moment.
    mean: moments.mean.map((mean, k) => mean + dimension * (claimed.moment(k + 1) - law.moment(k + 1))),
    covariance: moments.covariance,
  });
  const rejections = (claimed: SpectralLaw, level: number, runs = 200, draws = 8): number => {
    let count = 0;
    for (let run = 0; run < runs; run++) {
      const group = spectra.slice(run * draws, (run + 1) * draws);
      if (pooledChiSquare(group.map((e) => statistics(e, claimed))).shift.pValue <= level) count++;
    }
    return count;
  };

  test('joint χ² of four draws has the stated false-alarm rate, 400 runs at 0.05 and 0.01, and of eight draws in 200 runs', () => {
    for (const [draws, runs] of [
      [4, 400],
      [8, 200],
    ] as const) {
      for (const level of [0.05, 0.01]) {
        const count = rejections(law, level, runs, draws);
        expect([draws, level, count, contains(count, runs, level)]).toEqual([draws, level, count, true]);
      }
    }
  });

  test('it rejects, at level 1e-4 and with rate 0.95 at least, an aspect ratio 5 % off either way, MP and semicircle of the same two moments', () => {
    const measure = discreteMeasure(weights);
    const mean = law.moment(1);
    const variance = law.moment(2) - mean ** 2;
    const wrong: [string, SpectralLaw][] = [
      ['aspect ratio +5 %', generalisedMarchenkoPastur(measure, (1.05 * dimension) / samples)],
      ['aspect ratio −5 %', generalisedMarchenkoPastur(measure, (0.95 * dimension) / samples)],
      ['MP, same two moments', marchenkoPasturDouble(variance / mean ** 2, { scale: mean })],
      ['semicircle, same two moments', semicircleDouble(mean, variance)],
    ];
    for (const [name, claimed] of wrong) {
      if (name.includes('same')) expect(claimed.moment(2)).toBeCloseTo(law.moment(2), 12);
      expect([name, rejections(claimed, 1e-4) >= 190]).toEqual([name, true]);
    }
  });

  test('it rejects inputs with Student t coordinates and correlated inputs', () => {
    const workspace = backend.createWorkspace(dimension, samples);
    const spectrumOf = (
      fill: (x: Float64Array, stream: RandomStream) => void,
      r: number,
      label: string,
    ): Float64Array => {
      fill(workspace.inputs, randomStream(seed, label, r));
      return workspace.eigenvalues(weights).slice();
    };
    const student = (x: Float64Array, stream: RandomStream): void => {
      for (let i = 0; i < x.length; i++) {
        let square = 0;
        for (let k = 0; k < 5; k++) square += stream.normal() ** 2;
        // Five degrees of freedom, scaled to variance 1.
        x[i] = (stream.normal() / Math.sqrt(square / 5)) * Math.sqrt(3 / 5);
      }
    };
    const correlated = (x: Float64Array, stream: RandomStream): void => {
      for (let i = 0; i < x.length; i++)
        x[i] = i % dimension === 0 ? stream.normal() : 0.2 * x[i - 1]! + Math.sqrt(0.96) * stream.normal();
    };
    for (const [label, fill] of [
      ['student', student],
      ['correlated', correlated],
    ] as const) {
      const group = Array.from({ length: 16 }, (_, r) => statistics(spectrumOf(fill, r, label)));
      expect([label, pooledChiSquare(group).shift.pValue < 1e-4]).toEqual([label, true]);
    }
  });

  test('the mean spectrum stays within a quarter of an eigenvalue of its law, and a wrong law does not', () => {
    const run = (claimed: SpectralLaw, first: number, count: number) =>
      meanSpectrumTest({
        rows: spectra.slice(first, first + count).map((eigenvalues) => spectrumGaps(eigenvalues, claimed)),
        stream: randomStream(seed, 'mean spectrum', first),
        resamples: 299,
      });
    const measure = discreteMeasure(weights);
    // Conservative by construction (the allowance): far fewer than 2 false alarms in 40 runs at 0.05.
    let alarms = 0;
    for (let k = 0; k < 40; k++) if (run(law, 20 * k, 20).pValue <= 0.05) alarms++;
    expect(alarms).toBeLessThanOrEqual(2);
    const all = run(law, 0, 400);
    expect(all.gap).toBeLessThan(0.25 + 4 * all.standardError);
    for (const factor of [0.95, 1.05]) {
      const wrong = generalisedMarchenkoPastur(measure, (factor * dimension) / samples);
      let seen = 0;
      for (let k = 0; k < 20; k++) if (run(wrong, 20 * k, 20).fittedPValue <= 0.01) seen++;
      expect([factor, seen >= 19]).toEqual([factor, true]);
    }
  });
});
