import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/index.js';
import { discreteMeasure, measureMoment } from '../../../theory/measures/index.js';
import { separableLaw, toeplitzEigenvalues } from '../../../theory/separable/index.js';
import { separableMoments } from '../../../theory/separable/separableMoments.js';
import { kolmogorovDistance } from '../../../simulations/comparisons/index.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { inputSampler } from '../../../simulations/inputs/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { UsageError } from '../../../theory/errors.js';

interface Case {
  name: string;
  aspectRatio: number;
  weights: number[];
  weightMasses: number[];
  population: number[];
  populationMasses: number[];
  edges: string[];
  points: [number, string][];
}
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/mpmath/separableLaw.json', import.meta.url), 'utf8'),
) as {
  cases: Case[];
};
const one = discreteMeasure([1]);
const relative = (actual: number, expected: number) => Math.abs(actual - expected) / Math.abs(expected);

describe('separable law against polynomials in 40 digits (fixtures/mpmath/separableLaw.py)', () => {
  test.each(fixture.cases.map((c) => [c.name, c] as const))('%s', (_name, c) => {
    const law = separableLaw({
      weights: discreteMeasure(c.weights, c.weightMasses),
      population: discreteMeasure(c.population, c.populationMasses),
      aspectRatio: c.aspectRatio,
    });
    const edges = law.support.flat();
    expect(edges).toHaveLength(c.edges.length);
    c.edges.forEach((edge, k) => expect(relative(edges[k]!, Number(edge))).toBeLessThan(1e-12));
    for (const [x, density] of c.points) expect(relative(law.density(x), Number(density))).toBeLessThan(1e-9);
    // The cdf is a closed form of its own: its increments must be the integrals of the density (Gauss–Legendre in the
    // arcsine angle).
    let total = law.atoms.reduce((sum, atom) => sum + atom.mass, 0);
    for (const [lower, upper] of law.support) {
      const mass = integrate((x) => law.density(x), lower, upper);
      expect(mass).toBeCloseTo(
        law.cdf(upper) - law.cdf(lower) - (lower < 0 && upper >= 0 ? (law.atoms[0]?.mass ?? 0) : 0),
        10,
      );
      total += mass;
    }
    expect(total).toBeCloseTo(1, 10);
  });
});

/** Midpoint rule in x = middle − half·cos θ: square-root edges become analytic, convergence is geometric. */
function integrate(f: (x: number) => number, lower: number, upper: number): number {
  const count = 400;
  let sum = 0;
  for (let k = 0; k < count; k++) {
    const angle = ((k + 0.5) * Math.PI) / count;
    sum +=
      f((lower + upper) / 2 - ((upper - lower) / 2) * Math.cos(angle)) *
      ((upper - lower) / 2) *
      Math.sin(angle) *
      (Math.PI / count);
  }
  return sum;
}

describe('reductions', () => {
  const weights = {
    'one atom': one,
    'two atoms': discreteMeasure([1, 3], [0.7, 0.3]),
    'both signs': discreteMeasure([-1, 0.5, 2], [0.3, 0.5, 0.2]),
    'half dead': discreteMeasure([0, 1], [0.5, 0.5]),
    negative: discreteMeasure([-2, -1], [0.5, 0.5]),
    'three decades': discreteMeasure([1e-3, 1, 1000], [0.4, 0.3, 0.3]),
  };
  const cases = Object.entries(weights).flatMap(([name, measure]) =>
    [0.1, 0.5, 1, 2, 10].map((aspectRatio) => [name, aspectRatio, measure] as const),
  );
  test.each(cases)(
    'unit population is the generalised Marčenko–Pastur law: %s, d/N = %d',
    (_name, aspectRatio, measure) => {
      const law = separableLaw({ weights: measure, population: one, aspectRatio });
      const gmp = generalisedMarchenkoPastur(measure, aspectRatio);
      expect(law.atoms).toHaveLength(gmp.atoms.length);
      law.atoms.forEach((atom, k) => expect(atom.mass).toBeCloseTo(gmp.atoms[k]!.mass, 14));
      expect(law.support).toHaveLength(gmp.support.length);
      gmp.support.forEach(([lower, upper], k) => {
        expect(Math.abs(law.support[k]![0] - lower)).toBeLessThan(1e-13 * Math.max(Math.abs(lower), 1e-3));
        expect(Math.abs(law.support[k]![1] - upper)).toBeLessThan(1e-13 * Math.max(Math.abs(upper), 1e-3));
        for (let j = 1; j < 20; j++) {
          const x = lower + ((upper - lower) * j) / 20;
          expect(relative(law.density(x), gmp.density(x))).toBeLessThan(1e-10);
          expect(Math.abs(law.cdf(x) - gmp.cdf(x))).toBeLessThan(1e-13);
        }
      });
      for (const p of [0.011, 0.2501, 0.503, 0.77, 0.987])
        expect(Math.abs(law.quantile(p) - gmp.quantile(p))).toBeLessThan(
          1e-10 * Math.max(1, Math.abs(gmp.quantile(p))),
        );
      for (let k = 0; k <= 8; k++) expect(relative(law.moment(k), gmp.moment(k))).toBeLessThan(1e-11);
      const z = { re: 0.3, im: 0.7 };
      expect(law.stieltjes(z).re).toBeCloseTo(gmp.stieltjes(z).re, 12);
      expect(law.stieltjes(z).im).toBeCloseTo(gmp.stieltjes(z).im, 12);
    },
  );

  test('unit weights: the dual Gram obeys the generalised law with the population as weights', () => {
    // N×N matrix (1/N) Z Σ Zᵀ = (d/N)·(1/d) Σ t_j z_j z_jᵀ: dimension N, d samples; its non-zero eigenvalues are those
    // of H.
    const population = discreteMeasure([0.5, 2, 7], [0.3, 0.5, 0.2]);
    const aspectRatio = 0.4;
    const law = separableLaw({ weights: one, population, aspectRatio });
    const dual = generalisedMarchenkoPastur(population, 1 / aspectRatio);
    for (let j = 1; j < 20; j++) {
      const x = law.support[0]![0] + ((law.support.at(-1)![1] - law.support[0]![0]) * j) / 20;
      // Density of d eigenvalues against that of N: a factor d/N; eigenvalues scale by d/N as well.
      expect(law.density(x)).toBeCloseTo(dual.density(x / aspectRatio) / aspectRatio / aspectRatio, 11);
      expect(law.survival(x)).toBeCloseTo(dual.survival(x / aspectRatio) / aspectRatio, 11);
    }
  });

  test('first three moments in closed form', () => {
    const nu = discreteMeasure([-1, 0.5, 2], [0.3, 0.5, 0.2]);
    const tau = discreteMeasure([0, 1, 5], [0.1, 0.5, 0.4]);
    const law = separableLaw({ weights: nu, population: tau, aspectRatio: 0.7 });
    expect(law.moment(1)).toBeCloseTo(0.35 * 2.5, 13);
    expect(law.moment(2)).toBeCloseTo(measureMoment(tau, 2) * 0.35 ** 2 + 0.7 * measureMoment(nu, 2) * 2.5 ** 2, 12);
    // κ_3 t_1³ + 3 κ_2 κ_1 t_1 t_2 + κ_1³ t_3, κ_k = γ^{k−1} E a^k, t_k = E t^k: free multiplicative convolution.
    expect(law.moment(3)).toBeCloseTo(
      0.49 * 1.3625 * 2.5 ** 3 + 3 * 0.7 * 1.225 * 0.35 * 2.5 * 10.5 + 0.35 ** 3 * 50.5,
      11,
    );
    // By contour integrals, whose equations know nothing of the closed forms.
    const { moments, slope } = separableMoments(nu, tau);
    [law.moment(1), law.moment(2)].forEach((moment, k) => expect(moments(0.7)[k]).toBeCloseTo(moment, 12));
    expect(slope).toBeCloseTo((law.moment(2) - moments(0)[1]) / 0.7, 12);
    const white = generalisedMarchenkoPastur(nu, 0.7);
    expect(separableMoments(nu).moments(0.7)[1]).toBeCloseTo(white.moment(2), 12);
  });

  test('scaling by 1e-150 and 1e150, and reflection', () => {
    const tau = [1, 3];
    const nu = [-1, 2];
    const law = separableLaw({ weights: discreteMeasure(nu), population: discreteMeasure(tau), aspectRatio: 0.5 });
    for (const s of [1e-150, 1e150]) {
      const scaled = separableLaw({
        weights: discreteMeasure(nu.map((a) => a * s)),
        population: discreteMeasure(tau),
        aspectRatio: 0.5,
      });
      expect(relative(scaled.support[0]![0], law.support[0]![0] * s)).toBeLessThan(1e-13);
      expect(scaled.cdf(0.8 * s)).toBeCloseTo(law.cdf(0.8), 13);
    }
    const mirrored = separableLaw({
      weights: discreteMeasure(nu.map((a) => -a)),
      population: discreteMeasure(tau),
      aspectRatio: 0.5,
    });
    expect(mirrored.cdf(-0.8)).toBeCloseTo(law.survival(0.8), 12);
  });
  test('zero weights, and bad arguments', () => {
    const law = separableLaw({ weights: discreteMeasure([0]), population: one, aspectRatio: 1 });
    expect(law.atoms).toEqual([{ at: 0, mass: 1 }]);
    expect(() => separableLaw({ weights: one, population: discreteMeasure([-1, 1]), aspectRatio: 1 })).toThrow(
      UsageError,
    );
    expect(() => separableLaw({ weights: one, population: one, aspectRatio: 0 })).toThrow(UsageError);
  });
});

describe('toeplitzEigenvalues', () => {
  test.each([
    [0.6, 1],
    [0.6, 2],
    [-0.35, 5],
    [0.95, 40],
    [0, 3],
  ])('correlation %d, dimension %d: trace, trace of the square, determinant', (rho, d) => {
    const values = toeplitzEigenvalues(rho, d);
    expect(values.reduce((a, b) => a + b)).toBeCloseTo(d, 10);
    let squares = 0;
    for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) squares += rho ** (2 * Math.abs(i - j));
    expect(values.reduce((a, b) => a + b * b, 0)).toBeCloseTo(squares, 8);
    // det = (1 − ρ²)^{d−1}
    expect(values.reduce((a, b) => a + Math.log(b), 0)).toBeCloseTo((d - 1) * Math.log1p(-rho * rho), 9);
    expect(Array.from(values)).toEqual(Array.from(values).sort((a, b) => a - b));
  });
});

describe('drawn spectra: weights of both signs, Toeplitz inputs (seed separable)', () => {
  /** d·(distance) to the law with and without the correlation, given the drawn weights. */
  async function gaps(d: number, aspectRatio: number, replicate: number): Promise<[number, number]> {
    const samples = d / aspectRatio;
    const workspace = (await createBackend('wasm')).createWorkspace(d, samples);
    inputSampler({ kind: 'toeplitz', correlation: 0.7 }, d)(workspace, randomStream('separable', 'inputs', replicate));
    const stream = randomStream('separable', 'weights', replicate);
    const weights = Float64Array.from({ length: samples }, () => stream.normal() + 0.5);
    const eigenvalues = workspace.eigenvalues(weights);
    const nu = discreteMeasure(weights);
    const law = separableLaw({ weights: nu, population: discreteMeasure(toeplitzEigenvalues(0.7, d)), aspectRatio });
    return [
      d * kolmogorovDistance(eigenvalues, law),
      d * kolmogorovDistance(eigenvalues, generalisedMarchenkoPastur(nu, aspectRatio)),
    ];
  }
  // Rigidity: over 40 other draws at each size d·distance had mean and standard deviation 2.13 and 0.32, 2.59 and 0.38,
  // 1.96 and 0.25; the limits are six standard deviations up. To the law without correlation the smallest was 8.9, 37
  // and 5.5.
  test.each([
    [60, 0.5, 4.1],
    [240, 0.5, 4.9],
    [120, 2, 3.5],
  ])(
    'd = %d, d/N = %d: a few eigenvalues off its own law, many off the law without correlation',
    async (d, aspectRatio, limit) => {
      const drawn = await Promise.all([0, 1, 2, 3].map((replicate) => gaps(d, aspectRatio, replicate)));
      for (const [own, other] of drawn) {
        expect(own).toBeLessThan(limit);
        expect(other).toBeGreaterThan(limit);
      }
    },
  );
});
