import { describe, expect, test } from '@jest/globals';
import { unigramRatios, unigramRowRatio } from '../../../theory/head/unigram.js';
import { zipfExponent, zipfProbabilities, zipfRatios, zipfRowRatio } from '../../../theory/head/zipf.js';
import { powerSum } from '../../../theory/numerics/powerSum.js';

describe('powerSum', () => {
  // mpmath 1.3, 40 digits: zeta(s, 2) − zeta(s, n + 1); at s = 1 harmonic(n) − 1.
  test.each([
    [0.3, 50257, 2788.984524048168],
    [1, 23, 2.73429151108684],
    [1, 1e7, 15.695311365859851],
    [0.999999999, 1e7, 15.695311495683537],
    [1.3, 24, 1.655165990253029],
    [2, 1e7, 0.6449339668482315],
    [37.5, 100, 5.144880250833131e-12],
    [400, 50257, 3.8725919148493183e-121],
  ])('Σ_{k≥2} k^−%d to %d', (s, n, expected) => {
    expect(Math.abs(powerSum(s, n) / expected - 1)).toBeLessThan(1e-14);
  });

  test('to infinity: π²/6 − 1, and no limit for s ≤ 1', () => {
    expect(powerSum(2, Infinity)).toBeCloseTo(Math.PI ** 2 / 6 - 1, 15);
    expect(powerSum(1, Infinity)).toBe(Infinity);
  });
});

describe('zipfRatios', () => {
  test.each([
    [0, 10],
    [0.3, 1000],
    [0.5, 2],
    [0.75, 50257],
    [1, 23],
    [1, 50257],
    [1.3, 1000],
    [5, 1000],
  ])('from harmonic numbers, and from the probabilities themselves: α = %d, C = %d', (exponent, classes) => {
    const [closed, summed] = [zipfRatios(exponent, classes), unigramRatios(zipfProbabilities(exponent, classes))];
    for (const key of ['t', 'ratio', 'scaled', 'effectiveClasses'] as const)
      expect(Math.abs(closed[key] / summed[key] - 1)).toBeLessThan(1e-13);
  });

  // Four digits each, from an independent NumPy sum over all ranks.
  test.each([
    [1e2, 4.879e-2],
    [1e3, 2.155e-2],
    [1e4, 1.201e-2],
    [1e5, 7.641e-3],
    [1e6, 5.284e-3],
    [1e7, 3.871e-3],
    [128256, 7.32e-3],
    [50257, 8.66e-3],
  ])('α = 1, C = %d: t = %d', (classes, expected) => {
    expect(Math.abs(zipfRatios(1, classes).t / expected - 1)).toBeLessThan(6e-4);
  });

  test('a vocabulary of 50 257 under Zipf’s law is worth 79 classes', () => {
    expect(zipfRatios(1, 50257).effectiveClasses).toBeCloseTo(79.04, 2);
  });

  test('exponents of t in C: −1 below α = ½, −2(1 − α) up to 1, none beyond', () => {
    const local = (exponent: number, classes: number) =>
      Math.log(zipfRatios(exponent, classes * 10).t / zipfRatios(exponent, classes).t) / Math.LN10;
    expect(local(0.3, 1e14)).toBeCloseTo(-1, 4);
    expect(local(0.75, 1e14)).toBeCloseTo(-0.5, 3);
    expect(local(1.3, 1e14)).toBeCloseTo(0, 3);
    // Corrections are O(1/ln C); a constant other than π²/10 would stand out at any C.
    const asymptote = (classes: number) => Math.PI ** 2 / 10 / (Math.log(classes) + 0.5772156649) ** 2;
    const gap = (classes: number) => (zipfRatios(1, classes).t / asymptote(classes) - 1) * Math.log(classes);
    expect(gap(1e14)).toBeCloseTo(gap(1e12), 1);
    expect(zipfRatios(1, 1e14).t / asymptote(1e14)).toBeLessThan(1.05);
  });

  test('a row by its rank, from the probabilities themselves', () => {
    const q = zipfProbabilities(1.2, 300);
    for (const rank of [1, 2, 17, 300])
      expect(zipfRowRatio(1.2, 300, rank) / unigramRowRatio(q, rank - 1)).toBeCloseTo(1, 12);
    expect(() => zipfRowRatio(1, 10, 11)).toThrow(/rank must be at most classes = 10, got 11/);
    // Two classes: each row is the other's mirror, however little the second is.
    expect(zipfRowRatio(60, 2, 1)).toBe(1);
  });

  test('local exponents: the slope between neighbours, and what it tends to', () => {
    // ln t(1005) − ln t(995) over ln(1005/995), t by a NumPy sum over all ranks at α = 0.75.
    expect(zipfExponent(0.75, 1000)).toBeCloseTo(-0.5907760384298265, 6);
    expect(zipfExponent(1, 2)).toBeLessThan(0);
    expect([0.3, 0.75, 1.5].map((exponent) => zipfExponent(exponent, Infinity))).toEqual([-1, -0.5, -0]);
  });

  test('limits: C²·r for α < ½, t for α > 1', () => {
    expect(zipfRatios(0.2, Infinity).scaled / zipfRatios(0.2, 1e14).scaled).toBeCloseTo(1, 6);
    expect(zipfRatios(0, Infinity).scaled).toBe(1);
    expect(zipfRatios(0.5, Infinity)).toEqual({ t: 0, ratio: 0, scaled: Infinity, effectiveClasses: Infinity });
    const beyond = zipfRatios(2, Infinity);
    expect(beyond.t / zipfRatios(2, 1e12).t).toBeCloseTo(1, 10);
    // 1/Σq² = ζ(2)²/ζ(4) = 5/2.
    expect(beyond.effectiveClasses).toBeCloseTo(2.5, 13);
  });

  test('refuses what has no law', () => {
    expect(() => zipfRatios(-1, 10)).toThrow(/exponent must be a number from 0 to 100, got -1/);
    expect(() => zipfRatios(1, 1)).toThrow(/classes must be a whole number of at least 2/);
    expect(() => zipfProbabilities(1, Infinity)).toThrow(/zipfRatios has the limits/);
  });
});
