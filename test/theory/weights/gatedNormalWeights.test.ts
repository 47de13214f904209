import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { generalisedMarchenkoPastur, isSmooth, marchenkoPastur } from '../../../theory/gmp/index.js';
import { gatedNormalWeights, type OpenWeights } from '../../../theory/weights/gatedNormalWeights.js';

interface Fixture {
  readonly laws: (OpenWeights & {
    aspectRatio: number;
    points: { x: number; density: number; outside: number; side: 'below' | 'above' }[];
  })[];
}
const { laws } = JSON.parse(
  readFileSync(new URL('../../fixtures/scipy/gatedNormalLaw.json', import.meta.url), 'utf8'),
) as Fixture;

const lawOf = (weights: OpenWeights, aspectRatio: number) =>
  generalisedMarchenkoPastur(gatedNormalWeights(weights), aspectRatio);

describe('the law of normal weights behind gates', () => {
  test.each(laws)(
    'q = $openShare, mean $mean, deviation $deviation, aspect ratio $aspectRatio: Faddeeva function and adaptive quadrature (SciPy)',
    ({ aspectRatio, points, ...weights }) => {
      const law = lawOf(weights, aspectRatio);
      const wrong = lawOf({ ...weights, deviation: 1.001 * weights.deviation }, aspectRatio);
      const scale = Math.sqrt(law.moment(2));
      let noticed = 0;
      for (const { x, density, outside, side } of points) {
        const mass = side === 'below' ? law.cdf(x) : law.survival(x);
        expect(scale * Math.abs(law.density(x) - density)).toBeLessThan(1e-9);
        expect(Math.abs(mass - outside)).toBeLessThan(1e-9);
        noticed = Math.max(noticed, scale * Math.abs(wrong.density(x) - density));
      }
      expect(noticed).toBeGreaterThan(1e-6);
    },
  );

  // A side that is so thin is where a law on both sides of 0 could be lost.
  test.each([0, 0.5, 2, 3.5, 5, 5.8, 6.4, 6.99, 7.01, 12, 200])(
    'mean of %d deviations: mass and mean from the distribution function, at every aspect ratio',
    (mean) => {
      for (const openShare of [0.25, 0.5, 1])
        for (const aspectRatio of [0.05, openShare, 0.6, 4]) {
          const law = lawOf({ openShare, mean, deviation: 1 }, aspectRatio);
          const atom = Math.max(0, 1 - openShare / aspectRatio);
          expect(law.atoms[0]?.mass ?? 0).toBeCloseTo(atom, 12);
          // ∫ P(λ > x) dx over x > 0 − ∫ P(λ ≤ x) dx over x < 0 = q · mean, by Gauss's rule for quarter circles on either side of 0.
          const [[bottom, top]] = law.support as [[number, number]];
          const integral = (end: number, f: (x: number) => number): number => {
            let sum = 0;
            for (let k = 0; k < 1000; k++) sum += f(end * ((k + 0.5) / 1000) ** 3) * 3 * ((k + 0.5) / 1000) ** 2;
            return (Math.abs(end) * sum) / 1000;
          };
          const above = integral(Math.max(top, 0), (x) => law.survival(x));
          const below = bottom < 0 ? integral(bottom, (x) => law.cdf(x)) : 0;
          const scale = Math.sqrt(law.moment(2));
          expect(Math.abs(above - below - openShare * mean) / scale).toBeLessThan(2e-5);
        }
    },
  );

  test('reflects with the mean', () => {
    const [law, mirror] = [1, -1].map((sign) => lawOf({ openShare: 0.25, mean: sign * 1.3, deviation: 0.8 }, 0.7));
    for (const x of [-0.4, -0.01, 0.02, 0.9]) {
      expect(mirror!.density(-x)).toBeCloseTo(law!.density(x), 9);
      expect(mirror!.survival(-x)).toBeCloseTo(law!.cdf(x), 9);
    }
  });

  test('without a deviation: the Marčenko–Pastur law of the open samples; a small one changes little', () => {
    const closed = marchenkoPastur(0.5, { scale: 2, liveFraction: 0.25 });
    expect(isSmooth(gatedNormalWeights({ openShare: 0.25, mean: 2, deviation: 0 }))).toBe(false);
    for (const deviation of [0, 1e-5]) {
      const law = lawOf({ openShare: 0.25, mean: 2, deviation }, 0.5);
      for (const p of [0.6, 0.8, 0.95]) expect(law.cdf(closed.quantile(p))).toBeCloseTo(p, 8);
    }
    const wider = lawOf({ openShare: 0.25, mean: 2, deviation: 0.1 }, 0.5);
    expect(Math.abs(wider.cdf(closed.quantile(0.6)) - 0.6)).toBeGreaterThan(1e-4);
  });

  test.each([
    [{ openShare: 0, mean: 1, deviation: 1 }, /openShare must be above 0/],
    [{ openShare: 1.1, mean: 1, deviation: 1 }, /openShare must be above 0 and at most 1, got 1.1/],
    [{ openShare: 0.5, mean: NaN, deviation: 1 }, /mean must be a finite number, got NaN/],
    [{ openShare: 0.5, mean: 1, deviation: -1 }, /deviation must be finite and at least 0, got -1/],
  ])('refuses %j', (weights, message) => expect(() => gatedNormalWeights(weights)).toThrow(message));
});
