import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import {
  generalisedMarchenkoPastur,
  marchenkoPastur,
  momentsFromFreeCumulants,
  pointMass,
  scaledLaw,
  semicircle,
} from '../../../theory/gmp/index.js';
import { discreteMeasure, measureMoment, scaleMeasure } from '../../../theory/measures/index.js';

/** Marčenko and Pastur 1967: density of the limit of (1/N) X Xᵀ, d/N = y. */
function closedDensity(y: number, x: number): number {
  const lower = (1 - Math.sqrt(y)) ** 2;
  const upper = (1 + Math.sqrt(y)) ** 2;
  return Math.sqrt((x - lower) * (upper - x)) / (2 * Math.PI * y * x);
}

/** Points of [lower, upper] away from the ends by `margin` of the width, where the closed form itself is accurate. */
function grid(lower: number, upper: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => lower + ((upper - lower) * (i + 0.5)) / count);
}

describe('all weights 1: the Marčenko–Pastur law', () => {
  test.each([1e-4, 0.1, 0.5, 0.99, 1, 1.01, 2, 50, 1e4])('edges, density and moments at aspect ratio %d', (y) => {
    const law = marchenkoPastur(y);
    const [[lower, upper]] = law.support;
    expect(Math.abs(upper / (1 + Math.sqrt(y)) ** 2 - 1)).toBeLessThan(1e-14);
    // (1 − √y)² written without cancellation.
    expect(Math.abs(lower - ((1 - y) / (1 + Math.sqrt(y))) ** 2)).toBeLessThanOrEqual(1e-14 * lower);
    for (const x of grid(lower, upper, 50))
      expect(Math.abs(law.density(x) / closedDensity(y, x) - 1)).toBeLessThan(1e-10);
    // Moments are Narayana polynomials: 1, 1 + y, 1 + 3y + y², 1 + 6y + 6y² + y³.
    [1, 1 + y, 1 + 3 * y + y * y, 1 + 6 * y + 6 * y * y + y ** 3].forEach((expected, k) => {
      expect(Math.abs(law.moment(k + 1) / expected - 1)).toBeLessThan(1e-13);
    });
  });

  test('the atom at zero has mass 1 − 1/γ above aspect ratio 1, and none below', () => {
    expect(marchenkoPastur(0.5).atoms).toEqual([]);
    expect(marchenkoPastur(1).atoms).toEqual([]);
    expect(marchenkoPastur(4).atoms).toEqual([{ at: 0, mass: 0.75 }]);
    expect(marchenkoPastur(4).cdf(0)).toBe(0.75);
    expect(marchenkoPastur(4).cdf(-1e-300)).toBe(0);
    expect(marchenkoPastur(4).survival(0)).toBe(0.25);
    expect(marchenkoPastur(4).quantile(0.7)).toBe(0);
  });

  test('at the hard edge, aspect ratio 1, the law is that of 4 cos² of a quarter-circle angle', () => {
    // λ = t², t with density √(4 − t²)/π on [0, 2]: F(x) = (2/π)(φ + sin φ cos φ), sin φ = √x/2.
    const law = marchenkoPastur(1);
    expect(law.support).toEqual([[0, 4]]);
    for (const x of [1e-300, 1e-40, 1e-20, 1e-9, 1e-3, 0.5, 2, 3.9]) {
      const phi = Math.asin(Math.sqrt(x) / 2);
      const expected = (2 / Math.PI) * (phi + Math.sin(phi) * Math.cos(phi));
      expect(Math.abs(law.cdf(x) / expected - 1)).toBeLessThan(1e-13);
      const density = Math.sqrt((4 - x) / x) / (2 * Math.PI);
      expect(Math.abs(law.density(x) / density - 1)).toBeLessThan(1e-12);
    }
    expect(law.density(0)).toBe(Infinity);
  });

  test.each([0.3, 1, 3])('the Stieltjes transform off the axis solves its quadratic at aspect ratio %d', (y) => {
    const law = marchenkoPastur(y);
    // y z m² + (z + y − 1) m + 1 = 0.
    for (const [re, im] of [
      [0.5, 0.1],
      [2, 1e-9],
      [-3, 2],
      [10, 1e-6],
      [1, 1e3],
      [0.01, -0.2],
    ]) {
      const m = law.stieltjes({ re, im });
      const mm = { re: m.re * m.re - m.im * m.im, im: 2 * m.re * m.im };
      const residualRe = y * (re * mm.re - im * mm.im) + (re + y - 1) * m.re - im * m.im + 1;
      const residualIm = y * (re * mm.im + im * mm.re) + (re + y - 1) * m.im + im * m.re;
      expect(Math.hypot(residualRe, residualIm)).toBeLessThan(1e-12);
      expect(Math.sign(m.im)).toBe(Math.sign(im));
    }
  });
});

describe('a fraction q of weights 1, the rest 0: the law of q · MP(γ/q)', () => {
  test.each([
    [0.25, 0.5],
    [0.5, 0.5],
    [0.75, 0.5],
    [2, 0.25],
  ])('aspect ratio %d, q = %d', (y, q) => {
    const law = generalisedMarchenkoPastur(discreteMeasure([1, 0], [q, 1 - q]), y);
    const inner = y / q;
    const [[lower, upper]] = law.support;
    expect(Math.abs(upper / (q * (1 + Math.sqrt(inner)) ** 2) - 1)).toBeLessThan(1e-14);
    for (const x of grid(lower, upper, 30)) {
      expect(Math.abs(law.density(x) / (closedDensity(inner, x / q) / q) - 1)).toBeLessThan(1e-10);
    }
    // The rank of H is at most the number of live weights.
    expect(law.cdf(0) - law.cdf(-1e-9)).toBeCloseTo(Math.max(0, 1 - q / y), 15);
    expect(marchenkoPastur(y, { liveFraction: q }).cdf(upper / 2)).toBe(law.cdf(upper / 2));
  });
});

describe('two weights: the cubic', () => {
  test.each([
    [-1, 2, 0.25, 0.5],
    [1, 4, 0.5, 2],
  ])('boundary values at weights %d and %d (mass %d on the first), aspect ratio %d, are roots of it', (a, b, w, y) => {
    const law = generalisedMarchenkoPastur(discreteMeasure([a, b], [w, 1 - w]), y);
    for (const [lower, upper] of law.support) {
      for (const x of grid(lower, upper, 20)) {
        const { re, im } = law.boundaryStieltjes(x);
        expect(im).toBeGreaterThan(0);
        // (x m + 1)(1 + y a m)(1 + y b m) − m [w a (1 + y b m) + (1 − w) b (1 + y a m)] = 0, by complex products.
        const times = (p: number[], q: number[]): number[] => [p[0] * q[0] - p[1] * q[1], p[0] * q[1] + p[1] * q[0]];
        const m = [re, im];
        const first = [1 + y * a * re, y * a * im];
        const second = [1 + y * b * re, y * b * im];
        const left = times(times([x * re + 1, x * im], first), second);
        const inner = [w * a * second[0] + (1 - w) * b * first[0], w * a * second[1] + (1 - w) * b * first[1]];
        const right = times(m, inner);
        expect(Math.hypot(left[0] - right[0], left[1] - right[1])).toBeLessThan(
          1e-12 * (1 + Math.hypot(left[0], left[1])),
        );
      }
    }
  });
});

describe('symmetries', () => {
  const signed = discreteMeasure([-2, -0.5, 0, 1, 3], [0.1, 0.2, 0.2, 0.3, 0.2]);

  test('symmetric weights give a symmetric law', () => {
    for (const y of [0.3, 1, 2]) {
      const law = generalisedMarchenkoPastur(discreteMeasure([-3, -1, 1, 3]), y);
      const upper = law.support[law.support.length - 1][1];
      expect(law.support[0][0]).toBeCloseTo(-upper, 14);
      for (const share of [0.01, 0.1, 0.3, 0.6, 0.99]) {
        expect(Math.abs(law.density(share * upper) - law.density(-share * upper))).toBeLessThanOrEqual(
          1e-12 * law.density(share * upper),
        );
        expect(Math.abs(law.cdf(-share * upper) - law.survival(share * upper))).toBeLessThan(1e-15);
      }
      expect(Math.abs(law.moment(7))).toBeLessThan(1e-10 * law.moment(8));
    }
  });

  test('symmetric weights at aspect ratio 1 have a cube-root singularity at zero, with half the mass on either side', () => {
    const law = generalisedMarchenkoPastur(discreteMeasure([-1, 1]), 1);
    expect(law.support).toHaveLength(1);
    expect(law.cdf(0)).toBeCloseTo(0.5, 15);
    expect(law.density(0)).toBe(Infinity);
    // z ≈ −p³ E a^{-2} near 0, hence density (√3/2π) |x|^{-1/3} to leading order.
    for (const x of [1e-12, -1e-12, 1e-18]) {
      expect(law.density(x) * Math.cbrt(Math.abs(x)) * ((2 * Math.PI) / Math.sqrt(3))).toBeCloseTo(1, 3);
    }
  });

  test('scaling by a power of two is exact, to 2^±500', () => {
    const law = generalisedMarchenkoPastur(signed, 0.8);
    for (const factor of [2 ** -500, 2 ** -3, 2 ** 500]) {
      const scaled = generalisedMarchenkoPastur(scaleMeasure(signed, factor), 0.8);
      expect(scaled.support).toEqual(law.support.map((interval) => interval.map((x) => x * factor)));
      for (const x of [-2, -0.3, 0.001, 1, 4]) {
        expect(scaled.cdf(x * factor)).toBe(law.cdf(x));
        expect(scaled.density(x * factor) * factor).toBe(law.density(x));
      }
    }
  });

  test.each([1e-150, 1e150])('weights of order %d', (factor) => {
    const law = generalisedMarchenkoPastur(signed, 0.8);
    const scaled = generalisedMarchenkoPastur(scaleMeasure(signed, factor), 0.8);
    law.support.forEach((interval, i) => {
      interval.forEach((x, end) =>
        expect(Math.abs(scaled.support[i][end] / factor - x)).toBeLessThanOrEqual(1e-14 * Math.abs(x)),
      );
    });
    for (const p of [0.001, 0.2, 0.5, 0.9, 0.9999]) {
      expect(Math.abs(scaled.quantile(p) / factor / law.quantile(p) - 1)).toBeLessThan(1e-12);
      expect(Math.abs((scaled.density(scaled.quantile(p)) * factor) / law.density(law.quantile(p)) - 1)).toBeLessThan(
        1e-10,
      );
    }
    expect(Math.abs(scaled.moment(2) / factor ** 2 / law.moment(2) - 1)).toBeLessThan(1e-13);
  });

  test('reflecting the weights reflects the law', () => {
    const law = generalisedMarchenkoPastur(signed, 1);
    const reflected = generalisedMarchenkoPastur(scaleMeasure(signed, -1), 1);
    const [[lower]] = law.support;
    const upper = law.support[law.support.length - 1][1];
    law.support.forEach(([l, u], i) => {
      const [rl, ru] = reflected.support[law.support.length - 1 - i];
      expect(Math.abs(ru + l)).toBeLessThanOrEqual(1e-14 * Math.abs(l));
      expect(Math.abs(rl + u)).toBeLessThanOrEqual(1e-14 * Math.abs(u));
    });
    for (const x of grid(lower, upper, 40)) {
      expect(Math.abs(reflected.survival(-x) - law.cdf(x))).toBeLessThan(1e-14);
      expect(Math.abs(reflected.density(-x) - law.density(x))).toBeLessThanOrEqual(1e-11 * law.density(x));
    }
  });
});

describe('moments and the inverse map', () => {
  const weights = discreteMeasure([-2, 0, 0.5, 3], [0.125, 0.25, 0.375, 0.25]);
  const law = generalisedMarchenkoPastur(weights, 0.7);

  test('free cumulants are γ^{k−1} E a^k; the first four moments follow from them by hand', () => {
    const k = [1, 2, 3, 4].map((order) => 0.7 ** (order - 1) * measureMoment(weights, order));
    k.forEach((expected, i) => expect(law.freeCumulant(i + 1)).toBeCloseTo(expected, 12));
    // Nica and Speicher 2006, lecture 11: m₃ = κ₃ + 3κ₁κ₂ + κ₁³, m₄ = κ₄ + 4κ₁κ₃ + 2κ₂² + 6κ₁²κ₂ + κ₁⁴.
    expect(law.moment(0)).toBe(1);
    expect(law.moment(2)).toBeCloseTo(k[1] + k[0] ** 2, 12);
    expect(law.moment(3)).toBeCloseTo(k[2] + 3 * k[0] * k[1] + k[0] ** 3, 12);
    expect(law.moment(4)).toBeCloseTo(k[3] + 4 * k[0] * k[2] + 2 * k[1] ** 2 + 6 * k[0] ** 2 * k[1] + k[0] ** 4, 11);
  });

  test('all free cumulants 1 give the Marčenko–Pastur moments at aspect ratio 1, the Catalan numbers, up to order 20', () => {
    const moments = momentsFromFreeCumulants(new Float64Array(21).fill(1));
    let catalan = 1;
    for (let n = 1; n <= 20; n++) {
      catalan = (catalan * 2 * (2 * n - 1)) / (n + 1);
      expect(moments[n]).toBe(Math.round(catalan));
    }
  });

  test('outside the support the transform and the inverse map undo each other', () => {
    for (const x of [-1e6, -10, -3, 12, 1e4]) {
      const { re, im } = law.boundaryStieltjes(x);
      expect(im).toBe(0);
      expect(Math.abs(law.inverseMap(re) / x - 1)).toBeLessThan(1e-12);
      expect(law.inverseMapDerivative(re)).toBeGreaterThan(0);
      expect(Math.abs(law.stieltjes({ re: x, im: 0 }).re / re - 1)).toBeLessThan(1e-15);
    }
  });
});

describe('degenerate and refused input', () => {
  test('all weights zero: the point mass at zero', () => {
    const law = generalisedMarchenkoPastur(discreteMeasure([0]), 0.5);
    expect([law.cdf(-1e-9), law.cdf(0), law.survival(0), law.quantile(0.3), law.moment(2)]).toEqual([0, 1, 0, 0, 0]);
  });

  test.each([
    [() => generalisedMarchenkoPastur(discreteMeasure([1]), 0), /aspectRatio must be a positive finite number.*got 0/],
    [() => generalisedMarchenkoPastur(discreteMeasure([1]), NaN), /aspectRatio/],
    [
      () => generalisedMarchenkoPastur({ nodes: Float64Array.of(2, 1), masses: Float64Array.of(0.5, 0.5) }, 1),
      /ascending/,
    ],
    [
      () => generalisedMarchenkoPastur({ nodes: Float64Array.of(1, 2), masses: Float64Array.of(0.5, 0.4) }, 1),
      /sum to 1/,
    ],
    [() => generalisedMarchenkoPastur(discreteMeasure([1e-200, 1]), 1), /within a factor/],
    [() => marchenkoPastur(1).cdf(NaN), /NaN/],
    [() => marchenkoPastur(1).quantile(1.5), /p must lie between 0 and 1, got 1.5/],
    [() => marchenkoPastur(0.5).stieltjes({ re: 1, im: 0 }), /lies in the support/],
    [() => marchenkoPastur(2).boundaryStieltjes(0), /atom/],
    [() => marchenkoPastur(0.5).moment(-1), /whole number/],
  ])('a message names the argument, the rule and the value (%#)', (call, message) => {
    expect(call).toThrow(UsageError);
    expect(call).toThrow(message);
  });
});

describe('semicircle, point mass, scaled law', () => {
  test('the semicircle has Catalan moments and the closed distribution function', () => {
    const law = semicircle({ mean: 0, variance: 1 });
    expect([0, 2, 4, 6, 8].map((k) => law.moment(k))).toEqual([1, 1, 2, 5, 14]);
    for (const x of [-1.9, -0.5, 0.3, 1.7]) {
      const t = x / 2;
      expect(law.cdf(x)).toBeCloseTo(0.5 + (t * Math.sqrt(1 - t * t) + Math.asin(t)) / Math.PI, 14);
      expect(law.quantile(law.cdf(x))).toBeCloseTo(x, 12);
    }
    // Near an edge F ≈ (2/3π) δ^{3/2}, δ the distance: 1 − F would be 0 there.
    expect(law.survival(2 - 1e-12) / ((2 / (3 * Math.PI)) * (2 - (2 - 1e-12)) ** 1.5)).toBeCloseTo(1, 10);
    const m = law.stieltjes({ re: 0.3, im: 0.4 });
    // m² + z m + 1 = 0.
    expect(m.re * m.re - m.im * m.im + 0.3 * m.re - 0.4 * m.im + 1).toBeCloseTo(0, 14);
    expect(law.stieltjes({ re: 3, im: 0 }).re).toBeCloseTo((-3 + Math.sqrt(5)) / 2, 14);
    expect(law.stieltjes({ re: -3, im: 0 }).re).toBeCloseTo((3 - Math.sqrt(5)) / 2, 14);
  });

  test('mean and variance of the semicircle enter its moments', () => {
    const law = semicircle({ mean: 2, variance: 0.25 });
    expect(law.support).toEqual([[1, 3]]);
    // E(2 + s/2)³ = 8 + 3·2·(1/4).
    expect(law.moment(3)).toBeCloseTo(9.5, 14);
  });

  test('a law scaled by a negative factor is the law of reflected weights, atom included', () => {
    const law = scaledLaw(marchenkoPastur(2, { scale: 1 }), -3);
    const direct = marchenkoPastur(2, { scale: -3 });
    for (const x of [-15, -8, -2, -0.5, 0, 1]) {
      expect(law.cdf(x)).toBeCloseTo(direct.cdf(x), 14);
      expect(law.survival(x)).toBeCloseTo(direct.survival(x), 14);
      expect(law.density(x)).toBeCloseTo(direct.density(x), 12);
    }
    expect(law.moment(3)).toBeCloseTo(direct.moment(3), 9);
    expect(law.quantile(0.25)).toBeCloseTo(direct.quantile(0.25), 10);
  });

  test('a point mass jumps at its point', () => {
    const law = pointMass(-2);
    expect([law.cdf(-2.1), law.cdf(-2), law.survival(-2), law.moment(3), law.quantile(0.5)]).toEqual([0, 1, 0, -8, -2]);
    expect(law.stieltjes({ re: 0, im: 1 })).toEqual({ re: -2 / 5, im: 1 / 5 });
  });
});
