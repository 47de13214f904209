import { describe, expect, test } from '@jest/globals';
import { whiteSpectrum } from '../../../simulations/comparisons/index.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { tracyWidom1Mean, tracyWidom1Variance } from '../../../theory/fluctuations/index.js';
import { marchenkoPastur } from '../../../theory/gmp/index.js';
import {
  angleAtLevel,
  bulkPlaces,
  bulkPlacesBeside,
  densityAtAngle,
  largestEigenvalueScaling,
  levelAtAngle,
  placeAtAngle,
  spikeShift,
  spikeStrength,
  stieltjesOfWhite,
} from '../../../theory/whiteBulk/index.js';

const angles = [0.02, 0.3, 1, 1.7, 2.6, 3.1];

describe('the Marčenko–Pastur law by angle', () => {
  // `marchenkoPastur` solves the defining equation and shares no formula with the closed forms in the angle.
  test.each([0.01, 0.3, 0.9])('c = %p: level, density and transform are those of the law', (ratio) => {
    const law = marchenkoPastur(ratio);
    for (const angle of angles) {
      const x = placeAtAngle(angle, ratio);
      expect(levelAtAngle(angle, ratio)).toBeCloseTo(law.cdf(x), 11);
      expect(densityAtAngle(angle, ratio) / law.density(x)).toBeCloseTo(1, 9);
      const { re, im } = stieltjesOfWhite(x, ratio);
      const boundary = law.boundaryStieltjes(x);
      expect(re).toBeCloseTo(boundary.re, 8);
      expect(im).toBeCloseTo(boundary.im, 8);
    }
    for (const x of [law.support[0]![1] * 1.2, law.support[0]![0] * 0.5])
      expect(stieltjesOfWhite(x, ratio).re).toBeCloseTo(law.stieltjes({ re: x, im: 0 }).re, 10);
  });
  test('the transform of the wide side is that of the law at 1/c, in its units', () => {
    // XᵀX/m with m = d > N: (N/d) times the law of d/N.
    const law = marchenkoPastur(2);
    expect(stieltjesOfWhite(4, 0.5, true).re).toBeCloseTo(2 * law.stieltjes({ re: 8, im: 0 }).re, 10);
    expect(stieltjesOfWhite(4, 0.5).re).not.toBeCloseTo(2 * law.stieltjes({ re: 8, im: 0 }).re, 3);
  });
  test.each([0.01, 0.5, 1])('c = %p: quantiles invert levels, with and without a tilt', (ratio) => {
    for (const angle of angles) {
      expect(angleAtLevel(levelAtAngle(angle, ratio), ratio)).toBeCloseTo(angle, 9);
      const tilted = levelAtAngle(angle, ratio) - 0.001 * (angle - Math.PI / 2);
      if (angle > 0.1 && angle < 3) expect(angleAtLevel(tilted, ratio, -0.001)).toBeCloseTo(angle, 9);
    }
  });
});

describe('spikes', () => {
  test.each([
    [0.5, false],
    [0.5, true],
    [0.1, false],
  ])('c = %p, wide %p: the strength inverts ℓ ↦ ℓ (1 + γ/(ℓ − 1))', (ratio, wide) => {
    const gamma = wide ? 1 / ratio : ratio;
    for (const times of [1.2, 3, 50]) {
      const strength = 1 + times * Math.sqrt(gamma);
      // λ of (1/N) Σ x xᵀ; in units of m it is λ N/m.
      const place = strength * (1 + gamma / (strength - 1)) * (wide ? ratio : 1);
      expect(spikeStrength(place, ratio, wide, 'above') / strength).toBeCloseTo(1, 10);
    }
    if (!wide) {
      const strength = 1 - 1.2 * Math.sqrt(gamma);
      const place = strength * (1 + gamma / (strength - 1));
      expect(spikeStrength(place, ratio, false, 'below')).toBeCloseTo(strength, 10);
    }
  });
  test('the shift is that of a whole eigenvalue: from the lower edge to the upper one D_ℓ goes from 0 to −1 above, from 1 to 0 below', () => {
    // D_∞ and D_0 themselves: the limits of the same difference from no spike at all, ℓ = 1.
    const ratio = 0.4;
    const lower = placeAtAngle(1e-4, ratio);
    const upper = placeAtAngle(Math.PI - 1e-4, ratio);
    const change = (x: number, strength: number) =>
      strength > 1
        ? spikeShift(x, strength, ratio, false) - spikeShift(x, 1 + 1e-12, ratio, false)
        : spikeShift(x, strength, ratio, false) - spikeShift(x, 1 - 1e-12, ratio, false);
    for (const strength of [1.2, 2, 100]) {
      expect(change(lower, strength)).toBeCloseTo(0, 2);
      expect(change(upper, strength)).toBeCloseTo(strength > 1 + Math.sqrt(ratio) ? -1 : 0, 2);
    }
    for (const strength of [0.05, 0.2]) {
      expect(change(lower, strength)).toBeCloseTo(1, 2);
      expect(change(upper, strength)).toBeCloseTo(0, 2);
    }
    expect(spikeShift(1, 1e12, ratio, false)).toBeCloseTo(0, 6);
    expect(spikeShift(1, 1e-9, ratio, false)).toBeCloseTo(0, 6);
  });
});

describe('places of the bulk', () => {
  const meanOf = (draws: readonly Float64Array[]) =>
    Float64Array.from(draws[0]!, (_, i) => draws.reduce((sum, values) => sum + values[i]!, 0) / draws.length);
  /** Mean error of the middle 10 to 80 % in ranks: what moves σ². */
  const ranksOff = (means: ArrayLike<number>, places: Float64Array, densities: Float64Array) => {
    const count = places.length;
    let sum = 0;
    const [first, last] = [Math.floor(0.1 * count), Math.ceil(0.8 * count)];
    for (let i = first; i < last; i++) sum += (count * densities[i]! * (means[i]! - places[i]!)) / (last - first);
    return sum;
  };
  test('without spikes they are the mean order statistics of draws, and ranks half a step off are not', () => {
    const [rank, degrees] = [40, 80];
    const stream = randomStream('white bulk', 'order statistics', 0);
    const means = meanOf(Array.from({ length: 3000 }, () => whiteSpectrum(stream, rank, degrees)));
    const { places, densities } = bulkPlaces({ rank, degrees, above: 0 });
    // The trace moves all ranks together: sd0 = √(2/3200) = 0.025 of a place, up to a rank; in the mean of 3000 below 0.02.
    expect(Math.abs(ranksOff(means, places, densities))).toBeLessThan(0.08);
    const off = bulkPlaces({ rank: 41, degrees: 82, above: 0 });
    expect(Math.abs(ranksOff(means, off.places.subarray(0, 40), off.densities.subarray(0, 40)))).toBeGreaterThan(0.15);
  });
  test.each([
    ['narrow', 40, 80],
    ['wide', 40, 20],
  ])('beside finite spikes they are too, and those of infinite ones are not (%s)', async (_name, d, samples) => {
    const backend = await createBackend('wasm');
    const workspace = backend.createWorkspace(d, samples);
    const stream = randomStream('white bulk', 'spikes', d + samples);
    const gamma = d / samples;
    const strength = 1 + 2.5 * Math.sqrt(gamma);
    const count = 4;
    const [rank, degrees] = [Math.min(d, samples), Math.max(d, samples)];
    const draws = Array.from({ length: 2500 }, () => {
      workspace.drawInputs(stream);
      for (let n = 0; n < samples; n++)
        for (let i = 0; i < count; i++) workspace.inputs[n * d + i]! *= Math.sqrt(strength);
      const values = workspace.eigenvalues(new Float64Array(samples).fill(1));
      return values.slice(d - rank).map((value) => (value * samples) / degrees);
    });
    const means = meanOf(draws);
    const shape = { rank, degrees, above: count };
    const { places, densities } = bulkPlacesBeside(shape, new Array<number>(count).fill(strength), d > samples);
    const infinite = bulkPlaces(shape);
    // Standard error of the mean rank below 0.02, as above; the rest is second order in K/n = 0.1 … 0.2.
    expect(Math.abs(ranksOff(means, places, densities))).toBeLessThan(0.15);
    expect(Math.abs(ranksOff(means, infinite.places, infinite.densities))).toBeGreaterThan(0.3);
  });
});

test('the largest eigenvalue has the mean and variance of Tracy and Widom in the centre and unit of Johnstone and Ma', () => {
  const [order, degrees] = [60, 120];
  const { centre, unit } = largestEigenvalueScaling(order, degrees);
  const stream = randomStream('white bulk', 'largest', 0);
  const scores = Array.from(
    { length: 3000 },
    () => (whiteSpectrum(stream, order, degrees).at(-1)! * degrees - centre) / unit,
  );
  const mean = scores.reduce((a, b) => a + b) / scores.length;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (scores.length - 1);
  // Standard error 0.023, second-order error O(n^{-2/3}) = 0.07 at most; first order would be off by n^{-1/3} = 0.26.
  expect(Math.abs(mean - tracyWidom1Mean)).toBeLessThan(0.12);
  expect(Math.abs(variance / tracyWidom1Variance - 1)).toBeLessThan(0.15);
});
