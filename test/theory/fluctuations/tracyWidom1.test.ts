import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import { airy } from '../../../theory/numerics/airy.js';
import { softEdgeScaling } from '../../../theory/fluctuations/softEdgeScaling.js';
import { tracyWidom1Mean, tracyWidom1Variance, tracyWidom1 } from '../../../theory/fluctuations/tracyWidom1.js';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/generalisedMarchenkoPastur.js';
import { discreteMeasure } from '../../../theory/measures/discreteMeasure.js';

describe('airy', () => {
  // mpmath, airyai(x) and airyai(x, derivative=1) at 20 digits, rounded to the nearest double.
  test.each([
    [-10.3, -0.23210801885482976, 0.6774928295409111],
    [-5.1, 0.3095259962873177, 0.4945859983849365],
    [-0.1, 0.3808486681201215, -0.2569581123236462],
    [0.9, 0.15188680364054435, -0.17276384346163468],
    [3.3, 0.0037872884268267547, -0.00714248778588474],
    [10.1, 8.026504702909604e-11, -2.570360727488467e-10],
    [30.2, 1.0690728495788305e-49, -5.8838561508280055e-49],
  ])('at %d', (x, value, derivative) => {
    const scale = x < 0 ? 1 : Math.abs(value);
    expect(Math.abs(airy(x).value - value)).toBeLessThan(2e-14 * scale);
    expect(Math.abs(airy(x).derivative - derivative)).toBeLessThan(2e-14 * (x < 0 ? 1 : Math.abs(derivative)));
  });
});

describe('tracyWidom1', () => {
  test('F₁(0) has the published digits', () => {
    // Bornemann, arXiv 0904.1581: F₁(0) = 0.83190 80662 0295.
    expect(Math.abs(tracyWidom1.cdf(0) - 0.83190806620295)).toBeLessThan(5e-15);
  });

  test('mean and variance have the published digits', () => {
    // The trapezoid rule on s f(s) and s² f(s): an entire density that decays on both sides, so its error is far below
    // these bounds.
    const step = 1 / 4;
    let [mass, first, second] = [0, 0, 0];
    for (let s = -9.75; s <= 18; s += step) {
      const share = step * tracyWidom1.density(s);
      mass += share;
      first += share * s;
      second += share * s * s;
    }
    expect(Math.abs(mass - 1)).toBeLessThan(1e-12);
    expect(Math.abs(first - tracyWidom1Mean)).toBeLessThan(5e-13);
    expect(Math.abs(second - first * first - tracyWidom1Variance)).toBeLessThan(5e-12);
  });

  test('agrees with Painlevé II solved in 40 digits (fixture edgesTracyWidom.py)', () => {
    const rows = JSON.parse(
      readFileSync(new URL('../../fixtures/mpmath/edgesTracyWidom.json', import.meta.url), 'utf8'),
    ) as { s: number; cdf: number; survival: number; density: number }[];
    expect(rows.length).toBe(15);
    for (const { s, cdf, survival, density } of rows) {
      expect(Math.abs(tracyWidom1.cdf(s) - cdf)).toBeLessThan(4e-15);
      expect(Math.abs(tracyWidom1.survival(s) / survival - 1)).toBeLessThan(1e-12);
      expect(Math.abs(tracyWidom1.density(s) - density)).toBeLessThan(1e-14);
      if (s > 0) expect(Math.abs(tracyWidom1.density(s) / density - 1)).toBeLessThan(1e-12);
    }
  });

  test('quantile inverts the distribution in both tails', () => {
    for (const p of [1e-8, 0.5, 1 - 1e-9]) {
      const s = tracyWidom1.quantile(p);
      expect(Math.abs(p < 0.5 ? tracyWidom1.cdf(s) / p - 1 : tracyWidom1.survival(s) / (1 - p) - 1)).toBeLessThan(1e-7);
      expect(Math.abs(tracyWidom1.cdf(s) - p)).toBeLessThan(1e-14);
    }
    // Published table (Bejan 2005; Johnstone 2001, table 1): F₁(0.98) = 0.95, F₁(2.02) = 0.99, to the digits given
    // there.
    expect(tracyWidom1.quantile(0.95)).toBeCloseTo(0.98, 2);
    expect(tracyWidom1.quantile(0.99)).toBeCloseTo(2.02, 2);
    expect(() => tracyWidom1.quantile(1)).toThrow(UsageError);
    expect(() => tracyWidom1.cdf(Number.NaN)).toThrow(UsageError);
  });

  test('the ends: 0 and 1, density 0', () => {
    expect([tracyWidom1.cdf(-30), tracyWidom1.survival(-30), tracyWidom1.density(-30)]).toEqual([0, 1, 0]);
    expect(tracyWidom1.cdf(200)).toBe(1);
    expect(Math.abs(tracyWidom1.survival(200))).toBe(0);
  });
});

describe('softEdgeScaling', () => {
  test("white weights: Johnstone's centre and scale at the upper edge, their mirror at the lower", () => {
    for (const [dimension, samples] of [
      [100, 200],
      [300, 100],
    ] as const) {
      const law = generalisedMarchenkoPastur(discreteMeasure([1], [1]), dimension / samples);
      const [rows, columns] = [Math.sqrt(samples), Math.sqrt(dimension)];
      const upper = softEdgeScaling(law, law.support[0]![1], dimension);
      expect(upper.centre * samples).toBeCloseTo((rows + columns) ** 2, 8);
      expect(upper.scale * samples).toBeCloseTo((rows + columns) * Math.cbrt(1 / rows + 1 / columns), 8);
      const lower = softEdgeScaling(law, law.support[0]![0], dimension);
      expect(lower.side).toBe('lower');
      expect(lower.scale * samples).toBeCloseTo(
        Math.abs(rows - columns) * Math.cbrt(Math.abs(1 / rows - 1 / columns)),
        8,
      );
      expect(upper.standardise(upper.centre + 2 * upper.scale)).toBeCloseTo(2, 10);
      expect(lower.cdf(lower.centre)).toBeCloseTo(1 - tracyWidom1.cdf(0), 12);
    }
  });

  test('the scale follows the square root of the density at each edge of a two-interval signed law', () => {
    const law = generalisedMarchenkoPastur(discreteMeasure([-1, 20], [0.9, 0.1]), 0.6);
    expect(law.support.length).toBe(2);
    for (const [lower, upper] of law.support) {
      for (const [edge, inwards] of [
        [lower, 1],
        [upper, -1],
      ] as const) {
        const { scale } = softEdgeScaling(law, edge, 1000);
        // density ≈ √(distance / scale³) / (π d).
        const distance = 1e-7 * (upper - lower);
        const predicted = Math.sqrt(distance / scale ** 3) / (1000 * Math.PI);
        expect(law.density(edge + inwards * distance) / predicted).toBeCloseTo(1, 3);
      }
    }
  });

  test('refuses points that are no soft edge', () => {
    const law = generalisedMarchenkoPastur(discreteMeasure([1], [1]), 1);
    expect(() => softEdgeScaling(law, law.support[0]![0], 10)).toThrow(/hard edge/);
    expect(() => softEdgeScaling(law, 2, 10)).toThrow(/not an edge/);
    expect(() => softEdgeScaling(law, law.support[0]![1], 0)).toThrow(UsageError);
  });

  test('drawn extreme eigenvalues of signed weights follow it (fixture edgesFluctuations.py), a scale off by 30 % or an aspect ratio off by 10 % does not', () => {
    const { extremes } = JSON.parse(
      readFileSync(new URL('../../fixtures/numpy/edgesFluctuations.json', import.meta.url), 'utf8'),
    ) as {
      extremes: { dimension: number; largest: number[]; smallest: number[] }[];
    };
    const law = generalisedMarchenkoPastur(discreteMeasure([-1, 1, 2], [0.3, 0.5, 0.2]), 0.5);
    const grid = Array.from({ length: 201 }, (_, k) => -7 + k * 0.06).map((s) => ({ s, cdf: tracyWidom1.cdf(s) }));
    const distanceOf = (values: readonly number[]) =>
      grid.reduce(
        (worst, { s, cdf }) =>
          Math.max(worst, Math.abs(values.filter((value) => value <= s).length / values.length - cdf)),
        0,
      );
    const summary = (values: readonly number[]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
    };
    const measured = (bulk: typeof law, { dimension, largest, smallest }: (typeof extremes)[0], stretch = 1) =>
      [
        { values: largest, edge: softEdgeScaling(bulk, bulk.support[0]![1], dimension) },
        { values: smallest, edge: softEdgeScaling(bulk, bulk.support[0]![0], dimension) },
      ].map(({ values, edge }) => {
        const standardised = values.map((value) => edge.standardise(value) / stretch);
        const { mean, variance } = summary(standardised);
        return {
          distance: distanceOf(standardised),
          mean: mean - tracyWidom1Mean,
          variance: variance / tracyWidom1Variance,
        };
      });
    // 800 draws: standard error of the mean 0.045, of the variance 6 %, of the distance 0.078 at the 1e-4 point;
    // allowed are 4 of them, and a finite-size bias of order d^{-1/3} that shrinks from d = 50 to d = 200.
    const [small, large] = extremes.map((set) => measured(law, set)) as [
      ReturnType<typeof measured>,
      ReturnType<typeof measured>,
    ];
    large.forEach(({ mean, variance, distance }, side) => {
      expect(Math.abs(mean)).toBeLessThan(0.2 + 4 * 0.045);
      expect(Math.abs(variance - 1)).toBeLessThan(0.1 + 4 * 0.06);
      expect(distance).toBeLessThan(0.16);
      expect(Math.abs(mean)).toBeLessThan(Math.abs(small[side]!.mean) + 3 * 0.045 * Math.SQRT2);
    });
    for (const { variance } of measured(law, extremes[1]!, 1.3))
      expect(Math.abs(variance - 1)).toBeGreaterThan(0.1 + 4 * 0.06);
    const wider = generalisedMarchenkoPastur(discreteMeasure([-1, 1, 2], [0.3, 0.5, 0.2]), 0.55);
    for (const { mean } of measured(wider, extremes[1]!)) expect(Math.abs(mean)).toBeGreaterThan(0.2 + 4 * 0.045);
  });
});
