import { describe, expect, test } from '@jest/globals';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';
import { outliersByCubature } from '../../../theory/outliers/cubatureOutliers.js';
import { outliersFromSamples } from '../../../theory/outliers/outliersFromSamples.js';

/**
 * All weights 1 and one direction of variance ℓ: the spiked covariance model. Its outlier lies at λ = ℓ (1 + γ/(ℓ − 1)) and
 * has variance 2ℓ²τ/N, τ = dλ/dℓ = 1 − γ/(ℓ − 1)² (Paul 2007, theorem 3).
 */
const [spike, samples, dimension] = [3, 200, 81];
const ratio = (dimension - 1) / samples;
const tau = 1 - ratio / (spike - 1) ** 2;
const place = spike * (1 + ratio / (spike - 1));

describe('outliersFromSamples', () => {
  test('deviation given the coordinates: what of the spiked model’s variance 2ℓ²τ/N is not that of ℓ, τ² · 2ℓ²/N', () => {
    const size = Math.sqrt(spike);
    const [outlier, ...others] = outliersFromSamples({
      weights: new Float64Array(samples).fill(1),
      // Their mean square is ℓ, as a spike of exactly that variance would have it.
      coordinates: Float64Array.from({ length: samples }, (_, n) => (n % 2 === 0 ? size : -size)),
      rank: 1,
      aspectRatio: dimension / samples,
      law: generalisedMarchenkoPastur(discreteMeasure([1]), dimension / samples),
    });
    expect(others).toEqual([]);
    expect(Math.abs(outlier!.at / place - 1)).toBeLessThan(1e-10);
    const expected = spike * Math.sqrt((2 * tau * (1 - tau)) / samples);
    expect(Math.abs(outlier!.deviation / expected - 1)).toBeLessThan(1e-7);
  });
});

describe('outliersByCubature', () => {
  // The branch is E[a/(1 + γ a t)(g² − 1)] = (ℓ − 1)/(1 + γ t). Moved by δ it moves the root by δ over the slope of
  // 1/m + (ℓ − 1)/(1 + γ m) in λ, which is −(1 + γ/(ℓ − 1))/τ at the root.
  test.each([2, 5])('error of a root: the standard error over %d sets, carried over by the slope', (sets) => {
    const law = generalisedMarchenkoPastur(discreteMeasure([1]), ratio);
    const branch = (t: number): number => (spike - 1) / (1 + ratio * t);
    const shifts = Array.from({ length: sets }, (_, k) => 0.01 * (k - (sets - 1) / 2));
    const [outlier] = outliersByCubature(law, {
      pooled: (t) => [branch(t)],
      perSet: (t) => shifts.map((shift) => [branch(t) + shift]),
      multiplicities: [1],
      gaps: true,
    });
    expect(Math.abs(outlier!.at / place - 1)).toBeLessThan(1e-10);
    // Of the mean of n equally spaced values: spacing² (n + 1)/12.
    const standardError = 0.01 * Math.sqrt((sets + 1) / 12);
    const expected = (standardError * tau) / (1 + ratio / (spike - 1));
    expect(Math.abs(outlier!.error / expected - 1)).toBeLessThan(1e-6);
  });
});
