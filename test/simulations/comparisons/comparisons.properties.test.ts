import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  chiSquareCdf,
  chiSquareSurvival,
  distances,
  holm,
  incompleteBeta,
  monteCarloPValue,
  separateOutliers,
  studentSurvival,
  tabulateLaw,
  twoSampleKolmogorov,
} from '../../../simulations/comparisons/index.js';
import { marchenkoPasturDouble, uniformPartsDouble } from '../../doubles/closedFormLaws.js';

const seed = 20250502;
const spectrum = fc
  .array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 40 })
  .map((values) => Float64Array.from(values).sort());
const lawWithAtoms = fc
  .record({
    left: fc.double({ min: -2, max: -1, noNaN: true }),
    right: fc.double({ min: 0.5, max: 2, noNaN: true }),
    share: fc.double({ min: 0.05, max: 0.6, noNaN: true }),
    atom: fc.double({ min: 0.05, max: 0.35, noNaN: true }),
  })
  .map(({ left, right, share, atom }) =>
    uniformPartsDouble(
      [
        { interval: [left, -0.25], mass: share },
        { interval: [0.25, right], mass: 1 - share - atom },
      ],
      [{ at: 0, mass: atom }],
    ),
  );

describe(`distances (seed ${seed})`, () => {
  test('keep the order D ≤ V ≤ 2D ≤ 2, W₁ ≤ W₂, W² ≤ nD² and A² ≥ 4W²', () => {
    fc.assert(
      fc.property(spectrum, lawWithAtoms, (eigenvalues, law) => {
        const found = distances(eigenvalues, law);
        const slack = 1e-9;
        expect(found.kolmogorov).toBeLessThanOrEqual(1 + slack);
        expect(found.kuiper).toBeGreaterThanOrEqual(found.kolmogorov - slack);
        expect(found.kuiper).toBeLessThanOrEqual(2 * found.kolmogorov + slack);
        expect(found.wasserstein1).toBeLessThanOrEqual(found.wasserstein2 + slack);
        // 1/(u(1−u)) ≥ 4. Levels kept 1/(4n²) off 0 and 1 change n ∫ D² by at most 1/(2n).
        expect(found.cramerVonMises).toBeLessThanOrEqual(found.count * found.kolmogorov ** 2 + slack);
        expect(found.andersonDarling).toBeGreaterThanOrEqual(4 * found.cramerVonMises - 2 / found.count);
      }),
      { seed, numRuns: 60 },
    );
  });

  test('do not change when spectrum and law are moved and stretched together, except Wasserstein, which scales', () => {
    fc.assert(
      fc.property(spectrum, fc.double({ min: 0.1, max: 10, noNaN: true }), (eigenvalues, scale) => {
        const positive = eigenvalues.map(Math.abs).sort();
        const one = distances(positive, marchenkoPasturDouble(0.4));
        const other = distances(
          positive.map((value) => value * scale),
          marchenkoPasturDouble(0.4, { scale }),
        );
        expect(other.kolmogorov).toBeCloseTo(one.kolmogorov, 9);
        expect(other.cramerVonMises).toBeCloseTo(one.cramerVonMises, 8);
        expect(other.wasserstein1 / scale).toBeCloseTo(one.wasserstein1, 8);
        expect(other.wasserstein2 / scale).toBeCloseTo(one.wasserstein2, 7);
      }),
      { seed, numRuns: 30 },
    );
  });

  test('of two samples are symmetric, at most 1, and satisfy the triangle inequality', () => {
    fc.assert(
      fc.property(spectrum, spectrum, spectrum, (a, b, c) => {
        expect(twoSampleKolmogorov(a, b)).toBe(twoSampleKolmogorov(b, a));
        expect(twoSampleKolmogorov(a, b)).toBeLessThanOrEqual(1);
        expect(twoSampleKolmogorov(a, c)).toBeLessThanOrEqual(
          twoSampleKolmogorov(a, b) + twoSampleKolmogorov(b, c) + 1e-12,
        );
      }),
      { seed, numRuns: 200 },
    );
  });

  test('tables reproduce quantiles and levels', () => {
    fc.assert(
      fc.property(lawWithAtoms, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (law, p) => {
        const table = tabulateLaw(law);
        const x = table.quantile(p);
        expect(law.cdf(x)).toBeGreaterThanOrEqual(p - 1e-10);
        expect(law.cdf(x - 1e-6)).toBeLessThanOrEqual(p + 1e-10);
      }),
      { seed, numRuns: 60 },
    );
  });
});

describe(`tails and procedures (seed ${seed})`, () => {
  const positive = fc.double({ min: 0.1, max: 300, noNaN: true });

  test('cdf and survival add up to 1 and fall', () => {
    fc.assert(
      fc.property(positive, positive, positive, (x, step, degrees) => {
        expect(chiSquareCdf(x, degrees) + chiSquareSurvival(x, degrees)).toBeCloseTo(1, 13);
        expect(chiSquareSurvival(x + step, degrees)).toBeLessThanOrEqual(chiSquareSurvival(x, degrees) * (1 + 1e-11));
        expect(studentSurvival(x + step, degrees)).toBeLessThanOrEqual(studentSurvival(x, degrees));
        const u = x / (x + step);
        expect(incompleteBeta(x, degrees, u).lower).toBeCloseTo(incompleteBeta(degrees, x, 1 - u, u).upper, 12);
      }),
      { seed, numRuns: 300 },
    );
  });

  test('Holm never rejects more at a smaller level, and never adjusts below the p-value', () => {
    const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(pValues, fc.double({ min: 0.001, max: 0.5, noNaN: true }), (values, level) => {
        const tests = values.map((pValue, i) => ({ id: String(i), pValue }));
        const strict = holm(tests, level / 2);
        holm(tests, level).forEach((result, i) => {
          expect(result.adjusted).toBeGreaterThanOrEqual(values[i]!);
          if (strict[i]!.rejected) expect(result.rejected).toBe(true);
        });
      }),
      { seed, numRuns: 200 },
    );
  });

  test('a Monte Carlo p-value lies in [1/(1+R), 1] and falls as the observation grows', () => {
    fc.assert(
      fc.property(spectrum, fc.double({ min: -3, max: 3, noNaN: true }), (nulls, observed) => {
        const pValue = monteCarloPValue(observed, nulls);
        expect(pValue).toBeGreaterThanOrEqual(1 / (1 + nulls.length));
        expect(pValue).toBeLessThanOrEqual(1);
        expect(monteCarloPValue(observed + 1, nulls)).toBeLessThanOrEqual(pValue);
      }),
      { seed, numRuns: 200 },
    );
  });

  test('separateOutliers accounts for every eigenvalue and every prediction, and takes none from the support', () => {
    const law = marchenkoPasturDouble(0.25);
    const predictions = fc.array(
      fc.record({ at: fc.double({ min: -1, max: 4, noNaN: true }), multiplicity: fc.integer({ min: 1, max: 2 }) }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(spectrum, predictions, (eigenvalues, predicted) => {
        const outliers = predicted.map(({ at, multiplicity }) => ({
          at,
          multiplicity,
          side: at < 0.25 ? ('below' as const) : ('above' as const),
        }));
        const found = separateOutliers(eigenvalues, law, outliers);
        expect(found.bulk.length + found.matched.length + found.unexplained.length).toBe(eigenvalues.length);
        expect(found.matched.length + found.merged.length + found.missing.length).toBe(
          outliers.reduce((sum, { multiplicity }) => sum + multiplicity, 0),
        );
        for (const value of [...found.unexplained, ...found.matched.map(({ eigenvalue }) => eigenvalue)]) {
          expect(value < 0.25 || value > 2.25).toBe(true);
        }
        for (const { gap, tolerance } of found.matched) expect(Math.abs(gap)).toBeLessThanOrEqual(tolerance);
      }),
      { seed, numRuns: 200 },
    );
  });
});
