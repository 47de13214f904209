import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { discreteMeasure } from '../../../theory/measures/index.js';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/index.js';

interface FixturePoint {
  readonly x: number;
  readonly re: string;
  readonly im: string;
  readonly density: string;
  readonly cdf?: string;
  readonly survival?: string;
  /** Mass between the point and the nearer end of its interval. */
  readonly tail?: string;
}

interface FixtureLaw {
  readonly name: string;
  readonly nodes: number[];
  readonly masses: number[];
  readonly aspectRatio: number;
  readonly atom: string;
  readonly support: [string, string][];
  readonly points: FixturePoint[];
}

const fixture = JSON.parse(readFileSync(new URL('../../fixtures/mpmath/gmpLaws.json', import.meta.url), 'utf8')) as {
  laws: FixtureLaw[];
};

/** Largest relative difference, naming the place where it occurs. */
function worst(entries: readonly { at: number; actual: number; expected: string }[]): {
  difference: number;
  at: number;
} {
  let result = { difference: 0, at: NaN };
  for (const { at, actual, expected } of entries) {
    const difference = Math.abs(actual - Number(expected)) / Math.abs(Number(expected));
    if (!(difference <= result.difference)) result = { difference, at };
  }
  return result;
}

describe.each(fixture.laws.map((law) => [law.name, law] as const))(
  'against polynomial roots in 50 digits (mpmath): %s',
  (_, expected) => {
    const law = generalisedMarchenkoPastur(discreteMeasure(expected.nodes, expected.masses), expected.aspectRatio);
    const { points } = expected;

    test('as many intervals, with edges to 1e-12 relative', () => {
      expect(law.support).toHaveLength(expected.support.length);
      const ends = law.support.flatMap((interval, i) =>
        interval.map((actual, end) => ({ at: i, actual, expected: expected.support[i][end] })),
      );
      expect(worst(ends).difference).toBeLessThan(1e-12);
    });

    test('the atom at zero', () => {
      expect(law.atoms.reduce((sum, { mass }) => sum + mass, 0)).toBeCloseTo(Number(expected.atom), 15);
    });

    test('density to 1e-10 relative, from 1e-9 of an edge inwards', () => {
      expect(points.length).toBeGreaterThan(10);
      const found = worst(points.map(({ x, density }) => ({ at: x, actual: law.density(x), expected: density })));
      expect(found.difference).toBeLessThan(1e-10);
    });

    test('boundary value of the Stieltjes transform to 1e-10 of its modulus', () => {
      for (const { x, re, im } of points) {
        const m = law.boundaryStieltjes(x);
        expect(Math.hypot(m.re - Number(re), m.im - Number(im)) / Math.hypot(Number(re), Number(im))).toBeLessThan(
          1e-10,
        );
      }
    });

    test('distribution and survival function to 1e-13 absolute', () => {
      const measured = points.filter(({ cdf }) => cdf !== undefined);
      expect(measured.length).toBeGreaterThan(5);
      for (const { x, cdf, survival } of measured) {
        expect(Math.abs(law.cdf(x) - Number(cdf))).toBeLessThan(1e-13);
        expect(Math.abs(law.survival(x) - Number(survival))).toBeLessThan(1e-13);
      }
    });

    test('both outer tails to 1e-10 relative', () => {
      const half = points.filter(({ cdf }) => cdf !== undefined);
      const lower = half
        .filter(({ cdf }) => Number(cdf) < 0.5)
        .map(({ x, cdf }) => ({ at: x, actual: law.cdf(x), expected: cdf as string }));
      const upper = half
        .filter(({ survival }) => Number(survival) < 0.5)
        .map(({ x, survival }) => ({ at: x, actual: law.survival(x), expected: survival as string }));
      expect(lower.length + upper.length).toBeGreaterThan(0);
      expect(worst(lower).difference).toBeLessThan(1e-10);
      expect(worst(upper).difference).toBeLessThan(1e-10);
    });

    test("quantiles invert the fixture's distribution function to 1e-12 of the width", () => {
      for (const { x, cdf, tail } of points) {
        // A tail that vanishes beside cdf leaves no digits of x in it.
        if (cdf === undefined || Number(tail) < 1e-12) continue;
        const [lower, upper] = law.support.find(([l, u]) => l <= x && x <= u) as readonly [number, number];
        // Conditioning: p is given to 1e-16 absolute, so x cannot be better than that over the density.
        const allowed = 1e-12 * (upper - lower) + 4e-16 / law.density(x) + 4e-16 * Math.abs(x);
        expect(Math.abs(law.quantile(Number(cdf)) - x)).toBeLessThan(allowed);
      }
    });

    test('a law with an aspect ratio wrong by one part in a thousand does not agree', () => {
      const wrong = generalisedMarchenkoPastur(
        discreteMeasure(expected.nodes, expected.masses),
        expected.aspectRatio * 1.001,
      );
      const middle = points
        .filter(({ x }) => law.density(x) > 0)
        .map(({ x, density }) => ({ at: x, actual: wrong.density(x), expected: density }));
      expect(worst(middle).difference).toBeGreaterThan(1e-6);
    });
  },
);
