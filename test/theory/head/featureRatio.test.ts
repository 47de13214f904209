import { describe, expect, test } from '@jest/globals';
import { headFeatureRatio, type FeatureRatioSpec } from '../../../theory/head/featureRatio.js';
import { initialisationSums } from '../../../theory/head/initialisationSums.js';
import { frobeniusRatio } from '../../../theory/models/index.js';
import { randomStream } from '../../../simulations/random/index.js';

const seed = 'head features 1';
const base: FeatureRatioSpec = {
  features: 'gaussian',
  dimension: Infinity,
  logitVariance: 1,
  aspectRatio: 0.5,
  classes: 10,
};
const at = (change: Partial<FeatureRatioSpec>) => headFeatureRatio({ ...base, ...change });

describe('headFeatureRatio: exact', () => {
  test.each([2, 10, 1000, Infinity])('normal features, D = ∞: the linear model, C = %d', (classes) => {
    const { scaled } = frobeniusRatio({
      model: 'linear',
      loss: 'ce',
      layer: 'output',
      classes,
      aspectRatio: 0.5,
      logitVariance: 1,
    });
    expect(at({ classes })).toEqual({ scaled, error: 0 });
    expect(at({ classes, features: 'rms' }).scaled).toBe(scaled);
  });

  test('their limit in C: (1 + γe^{2s²})/(1 + γe^{s²}), approached like 1/D', () => {
    const limit = (1 + 0.5 * Math.exp(1.4)) / (1 + 0.5 * Math.exp(0.7));
    const ratio = (dimension: number) => at({ classes: Infinity, dimension, logitVariance: 0.7 }).scaled / limit - 1;
    expect(ratio(Infinity)).toBeCloseTo(0, 14);
    expect(ratio(1e4)).toBeLessThan(1e-3);
    expect(ratio(1000) / ratio(1e4)).toBeCloseTo(10, 0);
  });

  test('positive parts with N = ∞: the output blocks of a hidden layer as wide', () => {
    const relu = { features: 'relu', dimension: 8, aspectRatio: 0 } as const;
    const { scaled } = frobeniusRatio({
      model: 'hidden',
      loss: 'ce',
      layer: 'output',
      classes: Infinity,
      width: 8,
      aspectRatio: 0.5,
      logitVariance: 1,
    });
    expect(at({ ...relu, classes: Infinity }).scaled / scaled).toBeCloseTo(1, 10);
    // m = 8 of the paper's model: 1.83351 (paper-notes.md, output CE ratio).
    expect(at({ ...relu, classes: Infinity }).scaled).toBeCloseTo(1.83351, 5);
  });

  test('many dimensions of positive parts have length √(D/2) and cosine 1/π', () => {
    expect(at({ features: 'relu', dimension: 1e6, aspectRatio: 0, classes: Infinity }).scaled).toBeCloseTo(
      at({ features: 'relu', classes: Infinity }).scaled,
      5,
    );
    expect(at({ features: 'relu', classes: Infinity }).scaled).toBeCloseTo(Math.exp(1 / (2 * Math.PI)), 12);
  });

  test('a power law below k^{−1/2} acts as a smaller aspect ratio, a steeper one as none', () => {
    const linear = (aspectRatio: number) => at({ aspectRatio }).scaled;
    // tr(Σ)²/(D tr Σ²) → (1 − 2a)/(1 − a)².
    expect(at({ covariance: { exponent: 0.25 } }).scaled).toBeCloseTo(linear(0.5 * (0.5 / 0.75 ** 2)), 12);
    expect(at({ covariance: { exponent: 0.25 }, dimension: 1e4, classes: Infinity }).scaled).toBeCloseTo(
      at({ covariance: { exponent: 0.25 }, classes: Infinity }).scaled,
      1,
    );
    expect(at({ covariance: { exponent: 1 } }).scaled).toBeCloseTo(100 / 81, 12);
  });

  test('a limit in C may diverge though every C has a ratio', () => {
    expect(at({ dimension: 4, classes: Infinity, logitVariance: 1 }).scaled).toBe(Infinity);
    expect(at({ dimension: 5, classes: Infinity, logitVariance: 1 }).scaled).toBeLessThan(Infinity);
  });

  test('directions uniform in three dimensions: cosines uniform, with elementary integrals', () => {
    const tilted = (z: number) => Math.sinh(z) / z - (2 * Math.cosh(z)) / z ** 2 + (2 * Math.sinh(z)) / z ** 3;
    const round = { features: 'rms', dimension: 3, classes: Infinity, logitVariance: 0.8 } as const;
    expect(at({ ...round, aspectRatio: 0 }).scaled / (tilted(1.6) / tilted(0.8))).toBeCloseTo(1, 12);
    // Two samples: each with itself, and with one other.
    const both = (k: number) => Math.exp(0.8 * k) + tilted(0.8 * k);
    expect(at({ ...round, aspectRatio: 1.5 }).scaled / (both(2) / both(1))).toBeCloseTo(1, 12);
    // One sample alone.
    expect(at({ ...round, aspectRatio: 3 }).scaled).toBeCloseTo(Math.exp(0.8), 12);
  });

  test('features on a sphere by quadrature, and drawn', () => {
    const round = { features: 'rms', dimension: 24 } as const;
    for (const classes of [10, Infinity]) {
      const exact = at({ ...round, classes });
      const drawn = at({ ...round, classes, covariance: new Float64Array(24).fill(2) });
      expect(exact.error).toBeLessThan(1e-5 * exact.scaled);
      // Four standard errors: 6e-5 by chance, for each of the two.
      expect(Math.abs(exact.scaled - drawn.scaled)).toBeLessThan(4 * drawn.error);
      expect(drawn.error).toBeLessThan(0.01 * exact.scaled);
    }
  });
});

describe(`headFeatureRatio: estimates (seed '${seed}')`, () => {
  test('positive parts at finite C, N = ∞: another estimator of the same number', () => {
    const own = at({ features: 'relu', dimension: 16, logitVariance: 0.5, aspectRatio: 0, classes: 30 });
    const { scaled, ratioError } = frobeniusRatio({
      model: 'hidden',
      loss: 'ce',
      layer: 'output',
      classes: 30,
      width: 16,
      aspectRatio: 0.5,
      logitVariance: 0.5,
      effort: 2e6,
    });
    expect(Math.abs(own.scaled - scaled)).toBeLessThan(4 * Math.hypot(own.error, 900 * ratioError));
    expect(own.error).toBeLessThan(0.005 * scaled);
  });

  test.each([
    ['gaussian', { exponent: 0.4 }],
    ['rms', { exponent: 0.4 }],
    ['relu', undefined],
  ] as const)('the average over drawn features of the sums for given ones: %s', (features, covariance) => {
    const [dimension, samples, draws, classes] = [12, 6, 16, 20];
    const { normal } = randomStream(seed, features, 0);
    const raw = Array.from({ length: dimension }, (_, k) => (covariance ? (k + 1) ** -covariance.exponent : 1));
    const mean = raw.reduce((a, b) => a + b, 0) / dimension;
    const logitVariance = 0.5;
    const given = Array.from({ length: draws }, () => {
      const rows = Array.from({ length: samples }, () => {
        const x = raw.map((value) => Math.sqrt(value / mean) * normal());
        if (features === 'relu') return x.map((value) => Math.max(0, value));
        const length = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / dimension);
        return features === 'rms' ? x.map((value) => value / length) : x;
      });
      const gram = rows.flatMap((a) => rows.map((b) => a.reduce((sum, value, k) => sum + value * b[k]!, 0)));
      return initialisationSums(gram, samples, logitVariance / dimension, classes).all;
    });
    const total = (key: 'off' | 'on') => given.reduce((sum, value) => sum + value[key], 0);
    const ratio = total('off') / total('on');
    const residuals = given.map(({ off, on }) => off - ratio * on);
    const spread = Math.sqrt(residuals.reduce((sum, value) => sum + value * value, 0)) / total('on');
    const scale = classes ** 2 / (classes - 1);
    const claimed = at({
      features,
      dimension,
      logitVariance,
      aspectRatio: dimension / samples,
      classes,
      ...(covariance && { covariance }),
    });
    const error = Math.hypot(claimed.error, scale * spread);
    expect(error).toBeLessThan(0.1 * claimed.scaled);
    expect(Math.abs(claimed.scaled - scale * ratio)).toBeLessThan(4 * error);
  });
});

describe('headFeatureRatio: refusals', () => {
  test.each<[Partial<FeatureRatioSpec>, RegExp]>([
    [{ covariance: { exponent: 1.5 } }, /dimension = Infinity has a limit .* a ≤ 1, got a = 1.5; give a finite/],
    [{ features: 'relu', dimension: 8, covariance: { exponent: 1 } }, /relu features come from N\(0, I\)/],
    [{ dimension: 3, covariance: [1, 2] }, /dimension = 3 eigenvalues, got 2/],
    [{ dimension: 2, covariance: [0, 0] }, /must not all be 0/],
    [{ dimension: 2, covariance: [1, -1] }, /at least 0, got -1 at 1/],
    [{ dimension: 10, aspectRatio: 11 }, /aspectRatio must be at most dimension = 10/],
    [{ features: 'uniform' as 'rms' }, /features must be one of gaussian, rms, relu, got 'uniform'/],
    [{ dimension: 8, logitVariance: 60 }, /beyond the 64 that are verified/],
  ])('%j', (change, message) => {
    expect(() => at(change)).toThrow(message);
  });
});
