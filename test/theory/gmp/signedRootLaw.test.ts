import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import {
  generalisedMarchenkoPastur,
  marchenkoPastur,
  pointMass,
  scaledLaw,
  semicircle,
  signedRootLaw,
} from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';

describe('signedRootLaw', () => {
  test('of Marčenko–Pastur at aspect ratio 1 is the semicircle (both in closed form)', () => {
    const roots = signedRootLaw(scaledLaw(marchenkoPastur(1), 0.5));
    const circle = semicircle({ variance: 0.5 });
    expect(roots.atoms).toEqual([]);
    expect(roots.support.length).toBe(1);
    expect(Math.abs(roots.support[0]![1] - Math.SQRT2)).toBeLessThan(1e-14);
    for (const x of [-1.4, -1, -0.2, -1e-9, 0, 0.01, 0.7, 1.4142]) {
      expect(Math.abs(roots.cdf(x) - circle.cdf(x))).toBeLessThan(1e-13);
      expect(Math.abs(roots.survival(x) / circle.survival(x) - 1)).toBeLessThan(1e-9);
      expect(Math.abs(roots.density(x) - circle.density(x))).toBeLessThan(1e-12);
    }
    for (const p of [0.001, 0.3, 0.5, 0.8, 0.9999])
      expect(Math.abs(roots.quantile(p) - circle.quantile(p))).toBeLessThan(1e-12);
    for (const k of [0, 1, 2, 3, 4, 8]) expect(Math.abs(roots.moment(k) - circle.moment(k))).toBeLessThan(1e-12);
    for (const z of [
      { re: -0.3, im: 0.2 },
      { re: 0.5, im: 1e-3 },
      { re: 2, im: 0 },
      { re: -2, im: 0 },
    ]) {
      const [own, closed] = [roots.stieltjes(z), circle.stieltjes(z)];
      expect(Math.hypot(own.re - closed.re, own.im - closed.im)).toBeLessThan(1e-10);
    }
  });

  test('counts the zeros of [[0, S], [Sᵀ, 0]] from either of its Grams', () => {
    // S d×C with d = 2C: S Sᵀ has 1/2 of zeros, Sᵀ S none; of the 3C eigenvalues C are zeros.
    const wide = signedRootLaw(marchenkoPastur(2), 4 / 3);
    const narrow = signedRootLaw(scaledLaw(marchenkoPastur(0.5), 2), 2 / 3);
    for (const law of [wide, narrow]) {
      expect(law.atoms.length).toBe(1);
      expect(law.atoms[0]!.at).toBe(0);
      expect(law.atoms[0]!.mass).toBeCloseTo(1 / 3, 14);
      expect(law.support.length).toBe(2);
      expect(law.cdf(0) - law.cdf(-1e-9)).toBeCloseTo(1 / 3, 13);
      expect([law.quantile(0.4), law.quantile(0.6)]).toEqual([0, 0]);
    }
    for (const x of [-2, -1, 0.5, 1.3, 2.2]) expect(Math.abs(wide.cdf(x) - narrow.cdf(x))).toBeLessThan(1e-13);
    const z = { re: 0.4, im: 0.3 };
    expect(wide.stieltjes(z).re).toBeCloseTo(narrow.stieltjes(z).re, 12);
    expect(wide.stieltjes(z).im).toBeCloseTo(narrow.stieltjes(z).im, 12);
    // Against (1/n) Σ 1/(λ − z) by quantiles: 1e-3 apart is what 4000 of them can tell.
    const count = 4000;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const x = wide.quantile((k + 0.5) / count) - z.re;
      sum += z.im / (x * x + z.im * z.im) / count;
    }
    expect(Math.abs(sum - wide.stieltjes(z).im)).toBeLessThan(1e-3);
  });

  test('an atom keeps its side: P(x ≤ −√λ) holds it, P(x > √λ) does not', () => {
    const law = signedRootLaw(pointMass(4), 0.5);
    expect(law.atoms).toEqual([
      { at: -2, mass: 0.25 },
      { at: 0, mass: 0.5 },
      { at: 2, mass: 0.25 },
    ]);
    expect([-3, -2, -1, 0, 1, 2].map(law.cdf)).toEqual([0, 0.25, 0.25, 0.75, 0.75, 1]);
    expect([-3, -2, -1, 0, 1, 2].map(law.survival)).toEqual([1, 0.75, 0.75, 0.25, 0.25, 0]);
  });

  test('refuses negative eigenvalues and more roots than there are', () => {
    const signed = generalisedMarchenkoPastur(discreteMeasure([-1, 1]), 0.5);
    expect(() => signedRootLaw(signed)).toThrow(UsageError);
    expect(() => signedRootLaw(marchenkoPastur(0.5), 1.1)).toThrow('share must lie above 0 and at most at 1, got 1.1');
    expect(() => signedRootLaw(marchenkoPastur(2), 0)).toThrow('got 0');
    expect(() => signedRootLaw(marchenkoPastur(2)).quantile(1.5)).toThrow('p must lie');
  });
});
