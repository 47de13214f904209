import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DiscreteMeasure } from '../../../theory/contracts.js';
import { generalisedMarchenkoPastur, type GmpLaw } from '../../../theory/gmp/index.js';
import { discreteMeasure, measureMoment, scaleMeasure } from '../../../theory/measures/index.js';

const seed = 20250502;
const settings = { seed, numRuns: 60 };

/** Weights of both signs and zero, over `decades` orders of magnitude, with masses from 1e-4 up. */
function weightMeasure(decades: number): fc.Arbitrary<DiscreteMeasure> {
  const weight = fc
    .tuple(fc.double({ min: -decades, max: 0, noNaN: true }), fc.constantFrom(-1, 1, 1, 1))
    .map(([exponent, sign]) => sign * 10 ** exponent);
  const node = fc.oneof({ arbitrary: weight, weight: 9 }, { arbitrary: fc.constant(0), weight: 1 });
  const entry = fc.tuple(node, fc.double({ min: 1e-4, max: 1, noNaN: true }));
  return fc
    .array(entry, { minLength: 1, maxLength: 12 })
    .filter((entries) => entries.some(([a]) => a !== 0))
    .map((entries) => {
      const total = entries.reduce((sum, [, w]) => sum + w, 0);
      return discreteMeasure(
        entries.map(([a]) => a),
        entries.map(([, w]) => w / total),
      );
    });
}

const aspectRatio = fc.oneof(
  fc.double({ min: -4, max: 4, noNaN: true }).map((exponent) => 10 ** exponent),
  fc.double({ min: 0.05, max: 3, noNaN: true }),
  fc.constantFrom(1, 1 + 1e-12, 1 - 1e-12, 1 + 1e-5, 1 - 1e-5),
);

/** Points inside the support, denser towards the edges: shares sin²(τ/2) of each interval. */
function insidePoints(law: GmpLaw, count: number): number[] {
  return law.support.flatMap(([lower, upper]) =>
    Array.from(
      { length: count },
      (_, i) => lower + (upper - lower) * Math.sin((Math.PI * (i + 1)) / (2 * count + 2)) ** 2,
    ),
  );
}

function atomMass(law: GmpLaw): number {
  return law.atoms.reduce((sum, { mass }) => sum + mass, 0);
}

/** ∫ f dμ over one interval of the support, by Gauss–Legendre panels in the angle, halved until two sizes agree. */
function integral(f: (x: number) => number, lower: number, upper: number): number {
  const value = (from: number, to: number): number => {
    let sum = 0;
    for (const [node, weight] of legendre8) {
      for (const sign of [-1, 1]) {
        const angle = (from + to) / 2 + (sign * node * (to - from)) / 2;
        const x =
          angle < Math.PI / 2
            ? lower + (upper - lower) * Math.sin(angle / 2) ** 2
            : upper - (upper - lower) * Math.cos(angle / 2) ** 2;
        if (x > lower && x < upper) sum += weight * f(x) * Math.sin(angle);
      }
    }
    return (sum * (to - from) * (upper - lower)) / 4;
  };
  const refine = (from: number, to: number, whole: number, depth: number): number => {
    const middle = (from + to) / 2;
    const left = value(from, middle);
    const right = value(middle, to);
    if (depth === 0 || Math.abs(left + right - whole) <= 1e-13 * Math.abs(whole)) return left + right;
    return refine(from, middle, left, depth - 1) + refine(middle, to, right, depth - 1);
  };
  return refine(0, Math.PI, value(0, Math.PI), 18);
}

// Abramowitz and Stegun 1964, table 25.4, n = 8.
const legendre8 = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
];

describe(`for any weights and aspect ratio (seed ${seed})`, () => {
  test('the support is a list of disjoint ascending intervals; cdf runs from 0 to 1 over it, with survival its complement', () => {
    fc.assert(
      fc.property(weightMeasure(10), aspectRatio, (weights, y) => {
        const law = generalisedMarchenkoPastur(weights, y);
        const ends = law.support.flat();
        for (let i = 1; i < ends.length; i++) expect(ends[i]).toBeGreaterThan(ends[i - 1]);
        expect(law.cdf(ends[0] - Math.abs(ends[0]) * 1e-9 - 1e-300)).toBe(ends[0] > 0 ? atomMass(law) : 0);
        expect(law.survival(ends[ends.length - 1] + Math.abs(ends[ends.length - 1]) * 1e-9)).toBe(
          ends[ends.length - 1] < 0 ? atomMass(law) : 0,
        );
        let last = 0;
        for (const x of insidePoints(law, 15)) {
          const below = law.cdf(x);
          expect(Math.abs(below + law.survival(x) - 1)).toBeLessThan(1e-15);
          // Equal up to the last rounding; never clearly down.
          expect(below).toBeGreaterThanOrEqual(last - 3e-16);
          expect(law.density(x)).toBeGreaterThan(0);
          last = below;
        }
      }),
      settings,
    );
  });

  test('the boundary value solves the defining equation in the upper half-plane', () => {
    fc.assert(
      fc.property(weightMeasure(10), aspectRatio, (weights, y) => {
        const law = generalisedMarchenkoPastur(weights, y);
        for (const x of insidePoints(law, 9)) {
          const { re, im } = law.boundaryStieltjes(x);
          expect(im).toBeGreaterThan(0);
          const modulus = re * re + im * im;
          let zRe = -re / modulus;
          let zIm = im / modulus;
          let size = 1 / Math.sqrt(modulus);
          weights.nodes.forEach((a, k) => {
            const qRe = 1 + y * a * re;
            const qIm = y * a * im;
            const q = qRe * qRe + qIm * qIm;
            zRe += (weights.masses[k] * a * qRe) / q;
            zIm -= (weights.masses[k] * a * qIm) / q;
            size += (weights.masses[k] * Math.abs(a)) / Math.sqrt(q);
          });
          expect(Math.hypot(zRe - x, zIm)).toBeLessThan(1e-13 * size);
        }
      }),
      settings,
    );
  });

  test('the density integrates to the distribution function, and its moments are those of the free cumulants', () => {
    fc.assert(
      // Not at aspect ratio 1, where the density may have a singularity inside the support that no panel rule
      // integrates.
      fc.property(
        weightMeasure(2),
        fc.double({ min: -2, max: 2, noNaN: true }).map((exponent) => 10 ** exponent),
        (weights, y) => {
          const law = generalisedMarchenkoPastur(weights, y);
          const moments = [0, 0, 0, 0, 0];
          const sizes = [0, 0, 0, 0, 0];
          for (const [lower, upper] of law.support) {
            const mass = integral((x) => law.density(x), lower, upper);
            expect(Math.abs(mass - (law.survival(lower) - law.survival(upper)))).toBeLessThan(1e-10);
            for (let k = 1; k < moments.length; k++) {
              moments[k] += integral((x) => law.density(x) * x ** k, lower, upper);
              sizes[k] += integral((x) => law.density(x) * Math.abs(x) ** k, lower, upper);
            }
          }
          for (let k = 1; k < moments.length; k++)
            expect(Math.abs(moments[k] - law.moment(k))).toBeLessThan(1e-9 * sizes[k]);
          expect(Math.abs(law.moment(1) - measureMoment(weights, 1))).toBeLessThan(1e-14);
        },
      ),
      { ...settings, numRuns: 15 },
    );
  });

  test('quantiles invert the distribution function', () => {
    fc.assert(
      fc.property(
        weightMeasure(10),
        aspectRatio,
        fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }),
        (weights, y, p) => {
          const law = generalisedMarchenkoPastur(weights, y);
          const x = law.quantile(p);
          // One unit in the last place of x moves the distribution function by this much.
          const spacing = 4.5e-16 * Math.abs(x) * Math.min(law.density(x), 1e300);
          expect(law.cdf(x)).toBeGreaterThanOrEqual(p - spacing - 1e-15);
          expect(law.cdf(x) - (x === 0 ? atomMass(law) : 0)).toBeLessThanOrEqual(p + spacing + 1e-15);
        },
      ),
      { ...settings, numRuns: 150 },
    );
  });

  test('scaling the weights scales the law, and reflecting them reflects it', () => {
    fc.assert(
      fc.property(
        weightMeasure(6),
        aspectRatio,
        fc.double({ min: -140, max: 140, noNaN: true }),
        (weights, y, exponent) => {
          const law = generalisedMarchenkoPastur(weights, y);
          const factor = 10 ** exponent;
          const scaled = generalisedMarchenkoPastur(scaleMeasure(weights, factor), y);
          const reflected = generalisedMarchenkoPastur(scaleMeasure(weights, -1), y);
          expect(scaled.support).toHaveLength(law.support.length);
          for (const p of [0.01, 0.3, 0.77]) {
            const x = law.quantile(p);
            const slack = 1e-14 + 1e-14 * Math.abs(x) * Math.min(law.density(x), 1e300);
            if (x === 0) continue;
            expect(Math.abs(scaled.cdf(x * factor) - law.cdf(x))).toBeLessThan(slack);
            expect(Math.abs(reflected.survival(-x) - law.cdf(x))).toBeLessThan(slack);
          }
        },
      ),
      settings,
    );
  });

  test('arrays give the very numbers that single points give', () => {
    fc.assert(
      fc.property(weightMeasure(4), aspectRatio, (weights, y) => {
        const points = Float64Array.from(insidePoints(generalisedMarchenkoPastur(weights, y), 8)).sort();
        const once = generalisedMarchenkoPastur(weights, y);
        const together = generalisedMarchenkoPastur(weights, y);
        expect(together.cdfs(points)).toEqual(points.map((x) => once.cdf(x)));
        expect(together.densities(points)).toEqual(points.map((x) => once.density(x)));
      }),
      { ...settings, numRuns: 20 },
    );
  });

  test('a slightly wrong aspect ratio is told apart by the distribution function', () => {
    fc.assert(
      fc.property(weightMeasure(1), fc.double({ min: 0.1, max: 3, noNaN: true }), (weights, y) => {
        const law = generalisedMarchenkoPastur(weights, y);
        const wrong = generalisedMarchenkoPastur(weights, y * 1.02);
        const points = insidePoints(law, 40);
        expect(Math.max(...points.map((x) => Math.abs(law.cdf(x) - wrong.cdf(x))))).toBeGreaterThan(1e-4);
      }),
      { ...settings, numRuns: 25 },
    );
  });
});
