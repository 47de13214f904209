import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { normalCumulative, normalQuantile } from '../../../theory/numerics/normalDistribution.js';

// test/fixtures/scipy/comparisonsDistributions.py
const { normalQuantile: cases } = JSON.parse(
  readFileSync(new URL('../../fixtures/scipy/comparisonsDistributions.json', import.meta.url), 'utf8'),
) as { normalQuantile: { p: number; z: number }[] };

describe('normalQuantile', () => {
  test.each(cases.filter(({ z }) => z !== 0))('against SciPy at p = $p', ({ p, z }) => {
    expect(Math.abs(normalQuantile(p) / z - 1)).toBeLessThan(1e-14);
  });

  test('inverts the distribution function, itself a series, on both sides of where its approximations meet', () => {
    // Φ(x)/p − 1 ≈ −x δx: errors of x grow with it. The approximations meet at p = 0.075 and e^{-25}.
    for (const p of [0.5, 0.3, 0.0750001, 0.0749999, 1e-3, 1e-8, Math.exp(-24.999), Math.exp(-25.001), 1e-30, 1e-300]) {
      const x = normalQuantile(p);
      expect(Math.abs(normalCumulative(x) / p - 1)).toBeLessThan(1e-15 * (3 + x * x));
    }
  });

  test('near ½ it is √(2π) δ (1 + π δ²/3 + …) and odd, to the last digits', () => {
    for (const k of [10, 17, 24]) {
      // Powers of two, so that ½ ± δ are exact. The next term, 7π²δ⁴/30 of the first, is below 1e-11.
      const offset = 2 ** -k;
      const series = Math.sqrt(2 * Math.PI) * offset * (1 + (Math.PI * offset * offset) / 3);
      expect(Math.abs(normalQuantile(0.5 + offset) / series - 1)).toBeLessThan(k > 10 ? 1e-15 : 1e-11);
      expect(normalQuantile(0.5 - offset)).toBe(-normalQuantile(0.5 + offset));
    }
  });

  test('at and beyond the ends', () => {
    expect([0, 1, -0.1, 1.1].map(normalQuantile)).toEqual([-Infinity, Infinity, Number.NaN, Number.NaN]);
  });
});
