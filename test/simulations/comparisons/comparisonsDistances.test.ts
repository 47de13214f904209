import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { NumericalError, UsageError } from '../../../theory/errors.js';
import type { SpectralLaw } from '../../../theory/contracts.js';
import {
  distances,
  edgeGaps,
  edgeScales,
  kolmogorovDistance,
  snapToAtoms,
  tableOf,
  tabulateLaw,
  twoSampleKolmogorov,
} from '../../../simulations/comparisons/index.js';
import {
  lawFromParts,
  marchenkoPasturDouble,
  semicircleDouble,
  uniformPartsDouble,
} from '../../doubles/closedFormLaws.js';

interface DistanceCase {
  name: string;
  law: { kind: string; aspectRatio: number; scale?: number; liveFraction?: number; mean: number; variance: number };
  eigenvalues: number[];
  cdf: number[];
  kolmogorov: number;
  kuiper: number;
  cramerVonMises: number;
  andersonDarling: number;
  wasserstein1: number;
  wasserstein2: number;
  momentGaps: number[];
}
const { cases } = JSON.parse(
  readFileSync(new URL('../../fixtures/scipy/comparisonsDistances.json', import.meta.url), 'utf8'),
) as {
  cases: DistanceCase[];
};
const lawOf = ({ law }: DistanceCase): SpectralLaw & { readonly cdfCalls: number } =>
  law.kind === 'semicircle' ? semicircleDouble(law.mean, law.variance) : marchenkoPasturDouble(law.aspectRatio, law);

describe('distances, against SciPy and quadrature of the definitions (comparisonsDistances.py)', () => {
  test.each(cases)('$name', (one) => {
    const eigenvalues = Float64Array.from(one.eigenvalues);
    const found = distances(eigenvalues, lawOf(one));
    expect(found.count).toBe(one.eigenvalues.length);
    // The table's cdf is within 1e-12; n times that for the quadratic ones.
    expect(Math.abs(found.kolmogorov - one.kolmogorov)).toBeLessThan(1e-11);
    expect(Math.abs(found.kuiper - one.kuiper)).toBeLessThan(1e-11);
    expect(Math.abs(found.cramerVonMises / one.cramerVonMises - 1)).toBeLessThan(1e-8);
    expect(Math.abs(found.andersonDarling / one.andersonDarling - 1)).toBeLessThan(1e-8);
    expect(Math.abs(found.wasserstein1 / one.wasserstein1 - 1)).toBeLessThan(1e-8);
    expect(Math.abs(found.wasserstein2 / one.wasserstein2 - 1)).toBeLessThan(1e-7);
    one.momentGaps.forEach((gap, k) => expect(Math.abs(found.momentGaps[k]! - gap)).toBeLessThan(1e-11));
    expect(Math.abs(kolmogorovDistance(eigenvalues, lawOf(one)) - one.kolmogorov)).toBeLessThan(1e-13);
  });

  test('scale with the eigenvalues from 1e-150 to 1e150', () => {
    for (const scale of [1e-150, 1, 1e150]) {
      const eigenvalues = Float64Array.of(0.2, 0.5, 0.9, 1.4, 2.2).map((value) => value * scale);
      const found = distances(eigenvalues, marchenkoPasturDouble(0.5, { scale }));
      const unit = distances(Float64Array.of(0.2, 0.5, 0.9, 1.4, 2.2), marchenkoPasturDouble(0.5));
      expect(found.kolmogorov).toBeCloseTo(unit.kolmogorov, 11);
      expect(found.wasserstein1 / scale).toBeCloseTo(unit.wasserstein1, 11);
      if (scale <= 1) expect(found.wasserstein2 / scale).toBeCloseTo(unit.wasserstein2, 9);
    }
  });
});

describe('atoms and ties', () => {
  const half = uniformPartsDouble([{ interval: [1, 2], mass: 0.5 }], [{ at: 0, mass: 0.5 }]);

  test('half the eigenvalues exactly zero have distance 0 from an atom of one half', () => {
    const law = uniformPartsDouble(
      [],
      [
        { at: 0, mass: 0.5 },
        { at: 3, mass: 0.5 },
      ],
    );
    const found = distances(Float64Array.of(0, 0, 0, 3, 3, 3), law);
    for (const value of [
      found.kolmogorov,
      found.kuiper,
      found.cramerVonMises,
      found.andersonDarling,
      found.wasserstein1,
      found.wasserstein2,
    ]) {
      expect(value).toBeCloseTo(0, 14);
    }
  });

  test('rounding around the atom is forgiven, more is not', () => {
    const zeros = Float64Array.of(-3e-16, 0, 2e-16, 1.25, 1.5, 1.75);
    // Above the atom the distance is that of a uniform law with three values at its quarters: 1/8 of all.
    expect(kolmogorovDistance(zeros, half)).toBeCloseTo(0.125, 14);
    const moved = Float64Array.of(-1e-9, 0, 0, 1.25, 1.5, 1.75);
    expect(kolmogorovDistance(moved, half)).toBeCloseTo(1 / 6, 14);
    expect(kolmogorovDistance(moved, half, { snapTolerance: 1e-8 })).toBeCloseTo(0.125, 14);
    expect(snapToAtoms(zeros, half.atoms)).toEqual(Float64Array.of(0, 0, 0, 1.25, 1.5, 1.75));
    expect(zeros[0]).toBe(-3e-16);
  });

  test('one zero too few is seen until the next eigenvalue', () => {
    // F is 1/2 + 1/16 just below 1.125, where two of six eigenvalues have come.
    expect(kolmogorovDistance(Float64Array.of(0, 0, 1.125, 1.375, 1.625, 1.875), half)).toBeCloseTo(0.5625 - 2 / 6, 14);
  });

  test('a law of several intervals and an atom in a gap has its elementary distances', () => {
    const law = uniformPartsDouble(
      [
        { interval: [-2, -1], mass: 0.25 },
        { interval: [1, 3], mass: 0.5 },
      ],
      [{ at: 0, mass: 0.25 }],
    );
    const found = distances(Float64Array.of(-1.5, 0, 1.5, 2.5), law);
    // Each eigenvalue sits in the middle of its own bin: D = 1/8, W₁ = (1/4 + 0 + 1/4 + 1/4)/4, W₂² = (1/12 + 0 + 1/12
    // + 1/12)/4.
    expect(found.kolmogorov).toBeCloseTo(0.125, 12);
    expect(found.wasserstein1).toBeCloseTo(3 / 16, 12);
    expect(found.wasserstein2).toBeCloseTo(0.25, 9);
    // n ∫ D² dF: three bins, each with D running from 1/8 to −1/8, and nothing on the atom.
    expect(found.cramerVonMises).toBeCloseTo(4 * 3 * (2 / 3) * (1 / 8) ** 3, 12);
  });

  test('an atom inside an interval of the support is cut out of it', () => {
    const law = uniformPartsDouble([{ interval: [-1, 1], mass: 0.5 }], [{ at: 0, mass: 0.5 }]);
    const table = tabulateLaw(law);
    expect(table.pieces.map(({ isAtom }) => isAtom)).toEqual([false, true, false]);
    expect(table.quantile(0.5)).toBe(0);
    expect(table.cdf(-1e-9)).toBeCloseTo(0.25, 8);
    expect(table.cdf(0)).toBeCloseTo(0.75, 12);
    expect(distances(Float64Array.of(-0.5, 0, 0, 0.5), law).wasserstein1).toBeCloseTo(0.125, 12);
  });
});

describe('tabulateLaw', () => {
  test.each([0.01, 0.5, 1, 3])('tabulates MP(%d) to 1e-12 at points it has not seen, edges included', (aspectRatio) => {
    const law = marchenkoPasturDouble(aspectRatio);
    const table = tabulateLaw(law);
    const [[lower, upper]] = law.support as [[number, number]];
    const points = Float64Array.from({ length: 999 }, (_, i) => lower + (upper - lower) * ((i + 1) / 1000) ** 3);
    const levels = table.cdfs(points);
    let worst = 0;
    points.forEach((x, i) => (worst = Math.max(worst, Math.abs(levels[i]! - law.cdf(x)))));
    expect(worst).toBeLessThan(2e-12);
    for (const p of [0.001, 0.3, 0.77, 0.9999]) {
      if (p > 1 - 1 / Math.max(1, aspectRatio)) expect(Math.abs(law.cdf(table.quantile(p)) - p)).toBeLessThan(3e-12);
    }
    expect(law.cdfCalls).toBeLessThan(8);
  });

  test('a spectrum costs no further call of the law', () => {
    const law = marchenkoPasturDouble(0.5);
    const eigenvalues = Float64Array.of(0.2, 0.5, 0.9, 1.4, 2.2);
    distances(eigenvalues, law);
    const calls = law.cdfCalls;
    distances(eigenvalues, law);
    expect(law.cdfCalls).toBe(calls);
    expect(tableOf(law)).toBe(tableOf(law));
  });

  test('a cdf with noise of 1e-9 costs a bounded number of values and is reported as such', () => {
    const base = marchenkoPasturDouble(0.5);
    let values = 0;
    const noisy = lawFromParts({
      ...base,
      cdf: (x) => {
        values++;
        return base.cdf(x) + 1e-9 * Math.sin(1e9 * x);
      },
    });
    const table = tabulateLaw(noisy);
    expect(values).toBeLessThan(15_000);
    expect(table.error).toBeGreaterThan(1e-11);
    expect(table.error).toBeLessThan(1e-8);
    expect(Math.abs(table.cdf(1) - base.cdf(1))).toBeLessThan(1e-8);
  });

  test('refuses an unbounded support, a cdf that is not finite and one that does not reach 1', () => {
    const base = uniformPartsDouble([{ interval: [0, 1], mass: 1 }]);
    expect(() => tabulateLaw(lawFromParts({ ...base, support: [[0, Infinity]] }))).toThrow(UsageError);
    expect(() => tabulateLaw(lawFromParts({ ...base, cdf: (x) => (x > 0.4 && x < 0.6 ? NaN : base.cdf(x)) }))).toThrow(
      NumericalError,
    );
    expect(() => tabulateLaw(lawFromParts({ ...base, cdf: (x) => base.cdf(x) / 2 }))).toThrow(/mass is 0\.5/);
  });
});

describe('twoSampleKolmogorov', () => {
  test('counts steps exactly, ties included', () => {
    expect(twoSampleKolmogorov(Float64Array.of(1, 2, 3, 4), Float64Array.of(1, 2, 3, 4))).toBe(0);
    expect(twoSampleKolmogorov(Float64Array.of(1, 2, 3, 4), Float64Array.of(3, 4, 5, 6))).toBe(0.5);
    expect(twoSampleKolmogorov(Float64Array.of(0, 0, 0, 1), Float64Array.of(0, 1))).toBe(0.25);
    expect(twoSampleKolmogorov(Float64Array.of(0, 1), Float64Array.of(1e-17, 1), 1e-15)).toBe(0);
    expect(twoSampleKolmogorov(Float64Array.of(0, 1), Float64Array.of(1e-17, 1))).toBe(0.5);
  });
});

describe('edges', () => {
  test('an edge scale is 2.81 Tracy–Widom units at a soft edge', () => {
    const count = 4000;
    const upper = edgeScales(tableOf(marchenkoPasturDouble(0.5)), count)[1]!;
    // Johnstone (2001), in units of 1/N: scale (√N + √d)(1/√N + 1/√d)^{1/3} / N with N = 2d.
    const samples = 2 * count;
    const johnstone =
      ((Math.sqrt(samples) + Math.sqrt(count)) * (1 / Math.sqrt(samples) + 1 / Math.sqrt(count)) ** (1 / 3)) / samples;
    // The next term of the expansion at the edge is of relative order n^{−2/3}.
    expect(upper.scale / johnstone).toBeCloseTo(((3 * Math.PI) / 2) ** (2 / 3), 1);
  });

  test('gaps are signed and leave out the atom', () => {
    const law = marchenkoPasturDouble(0.5, { liveFraction: 0.25 });
    const [[lower, upper]] = law.support as [[number, number]];
    const gaps = edgeGaps(Float64Array.of(0, 0, lower - 0.001, 0.3, upper + 0.002), tableOf(law));
    expect(gaps.lower).toBeCloseTo(-0.001, 12);
    expect(gaps.upper).toBeCloseTo(0.002, 12);
    expect(edgeGaps(Float64Array.of(0, 0), tableOf(law)).lower).toBeNaN();
  });
});

test('spectra that are empty, not finite or not ascending are refused by name', () => {
  const law = semicircleDouble(0, 1);
  expect(() => distances(Float64Array.of(), law)).toThrow(UsageError);
  expect(() => distances(Float64Array.of(0, NaN), law)).toThrow(/NaN at index 1/);
  expect(() => distances(Float64Array.of(1, 0), law)).toThrow(/ascend.*sort/);
});
