import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { SpectralLaw } from '../../../theory/contracts.js';
import {
  continuousMarchenkoPastur,
  generalisedMarchenkoPastur,
  scaledLaw,
  shiftedRule,
} from '../../../theory/gmp/index.js';
import { softmaxQuadrature, softmaxWeights } from '../../../theory/weights/softmaxWeights.js';

interface LognormalFixture {
  readonly laws: { logitVariance: number; aspectRatio: number; points: { x: number; density: string }[] }[];
}

const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/mpmath/lognormalLaw.json', import.meta.url), 'utf8'),
) as LognormalFixture;

interface NearOneFixture {
  /** `variance` of log a; s² on the diagonal, 2s² off it. */
  readonly laws: { variance: number; aspectRatio: number; points: { x: number; cdf: string; density: string }[] }[];
}

const nearOne = JSON.parse(
  readFileSync(new URL('../../fixtures/mpmath/lognormalNearOne.json', import.meta.url), 'utf8'),
) as NearOneFixture;

type Case = { classes: number; logitVariance?: number; block: 'diagonal' | 'off-diagonal' };

function law({ classes, logitVariance = 1, block }: Case, aspectRatio: number): SpectralLaw {
  const options = { classes, logitVariance, block, scaling: 'rate' } as const;
  return continuousMarchenkoPastur(softmaxWeights(options).path(), aspectRatio);
}

function largestGap(a: SpectralLaw, b: SpectralLaw): number {
  return Math.max(...Array.from({ length: 60 }, (_, i) => Math.abs(a.cdf(0.03 + 0.2 * i) - b.cdf(0.03 + 0.2 * i))));
}

describe('lognormal weights, the softmax weights of infinitely many classes', () => {
  test.each(fixture.laws)(
    'density against adaptive quadrature and root finding (mpmath) at s² = $logitVariance, aspect ratio $aspectRatio',
    ({ logitVariance, aspectRatio, points }) => {
      const exact = law({ classes: Infinity, logitVariance, block: 'diagonal' }, aspectRatio);
      const wrong = law({ classes: Infinity, logitVariance: logitVariance * 1.001, block: 'diagonal' }, aspectRatio);
      expect(points.length).toBeGreaterThan(2);
      for (const { x, density } of points) {
        expect(Math.abs(exact.density(x) - Number(density))).toBeLessThan(3e-11);
        expect(Math.abs(wrong.density(x) - Number(density))).toBeGreaterThan(1e-7);
      }
    },
  );

  test.each([0.3, 1, 2])(
    'distribution and survival function: one interval, complementary, the density is their derivative (aspect ratio %d)',
    (aspectRatio) => {
      const found = law({ classes: Infinity, block: 'diagonal' }, aspectRatio);
      expect(found.support).toHaveLength(1);
      const [lower, upper] = found.support[0];
      expect(found.cdf(lower)).toBeCloseTo(Math.max(0, 1 - 1 / aspectRatio), 14);
      expect(found.cdf(upper)).toBe(1);
      for (const x of [0.5, 1, 4, 20]) {
        expect(found.cdf(x) + found.survival(x)).toBe(1);
        // Central difference of fourth order; its error is h⁴ times the fifth derivative.
        const h = 0.01 * x;
        const slope =
          (8 * (found.cdf(x + h) - found.cdf(x - h)) - (found.cdf(x + 2 * h) - found.cdf(x - 2 * h))) / (12 * h);
        expect(Math.abs(slope / found.density(x) - 1)).toBeLessThan(1e-5);
        expect(found.quantile(found.cdf(x))).toBeCloseTo(x, 6);
      }
      // Mean 1 and second moment γ E a² + 1 = γ e + 1.
      expect(found.moment(1)).toBeCloseTo(1, 12);
      expect(found.moment(2)).toBeCloseTo(aspectRatio * Math.E + 1, 10);
    },
  );
});

describe('lognormal weights next to 0 at aspect ratios at and around 1, and at 100 (mpmath, lognormalNearOne.py)', () => {
  test.each(nearOne.laws)('variance $variance, aspect ratio $aspectRatio', ({ variance, aspectRatio, points }) => {
    const exact = law({ classes: Infinity, logitVariance: variance / 2, block: 'off-diagonal' }, aspectRatio);
    const wrong = law({ classes: Infinity, logitVariance: (variance / 2) * 0.999, block: 'off-diagonal' }, aspectRatio);
    expect(points).toHaveLength(3);
    for (const { x, cdf, density } of points) {
      expect(Math.abs(exact.cdf(x) - Number(cdf))).toBeLessThan(1e-11);
      expect(Math.abs(exact.density(x) / Number(density) - 1)).toBeLessThan(1e-8);
      expect(Math.abs(wrong.density(x) / Number(density) - 1)).toBeGreaterThan(1e-7);
    }
    const largest = points[points.length - 1];
    expect(Math.abs(wrong.cdf(largest.x) - Number(largest.cdf))).toBeGreaterThan(1e-9);
  });

  // At these the rounding of z, not Newton's method, decides how far p settles.
  test.each([
    [Infinity, 1, 1e-4, 1.2156096559426905],
    [1e4, 1, 3e-4, 1.2147103306419456],
  ])('C = %d, s² = %d, aspect ratio %d: solved at x = %d', (classes, logitVariance, aspectRatio, x) => {
    const found = law({ classes, logitVariance, block: 'diagonal' }, aspectRatio);
    expect(found.survival(x)).toBeGreaterThanOrEqual(0);
    // Inside the support, in its thin upper tail.
    expect(found.survival(x)).toBeLessThan(1e-8);
    expect(x).toBeLessThan(found.support[0][1]);
  });
});

describe('finitely many classes', () => {
  test.each(['diagonal', 'off-diagonal'] as const)('the law tends to the lognormal one at rate 1/C: %s', (block) => {
    const limit = law({ classes: Infinity, block }, 0.5);
    const gaps = [1e3, 1e5].map((classes) => classes * largestGap(law({ classes, block }, 0.5), limit));
    // C times the distance has a limit; an error of 1e-8 in any of the laws would show in the second as 1e-3.
    expect(gaps[0]).toBeGreaterThan(0.1);
    expect(Math.abs(gaps[1] / gaps[0] - 1)).toBeLessThan(0.02);
  });

  test('agrees with real nodes where the density of the weights is not thin', () => {
    const path = law({ classes: 100, block: 'diagonal' }, 0.5);
    const nodes = generalisedMarchenkoPastur(
      softmaxQuadrature({ classes: 100, logitVariance: 1, block: 'diagonal', scaling: 'rate' }, 1000),
      0.5,
    );
    for (const x of [0.05, 0.3, 1, 2]) expect(Math.abs(path.cdf(x) - nodes.cdf(x))).toBeLessThan(1e-4);
    expect(path.support[0][0]).toBeCloseTo(nodes.support[0][0], 12);
  });

  test('off the axis and off the support the transform is that of the real nodes', () => {
    const path = law({ classes: 1000, block: 'diagonal' }, 0.5);
    const { re, im } = path.stieltjes({ re: 1, im: 0.5 });
    const nodes = generalisedMarchenkoPastur(
      softmaxWeights({ classes: 1000, logitVariance: 1, block: 'diagonal', scaling: 'rate' }).quadrature,
      0.5,
    ).stieltjes({ re: 1, im: 0.5 });
    expect(Math.hypot(re - nodes.re, im - nodes.im)).toBeLessThan(1e-9);
    expect(path.stieltjes({ re: -1, im: 0 }).re).toBeGreaterThan(0);
  });

  test('a reflected law serves the negative weights', () => {
    const path = law({ classes: Infinity, block: 'off-diagonal' }, 0.5);
    expect(scaledLaw(path, -1).cdf(-2)).toBe(path.survival(2));
  });
});

test('a rule needs a uniform grid', () => {
  expect(() => shiftedRule([0, 1, 3], [1, 1, 1], (re, im) => ({ re, im }))).toThrow(/uniform grid/);
});
