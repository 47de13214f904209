import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { NumericalError, UsageError } from '../../../theory/errors.js';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/generalisedMarchenkoPastur.js';
import {
  linearCrossEntropyHessianLaw,
  type LinearHessianLaw,
} from '../../../theory/matrixLaw/linearCrossEntropyHessianLaw.js';
import { matrixStieltjes } from '../../../theory/matrixLaw/matrixStieltjes.js';
import { softmaxCovarianceEigenvalues } from '../../../theory/matrixLaw/softmaxCovarianceEigenvalues.js';
import { compressMeasure } from '../../../theory/measures/compressMeasure.js';
import {
  softmaxCovarianceMoments,
  softmaxCovarianceOfThree,
  softmaxCovarianceWeights,
} from '../../../theory/matrixLaw/softmaxCovarianceWeights.js';
import { discreteMeasure } from '../../../theory/measures/discreteMeasure.js';
import { scaleMeasure } from '../../../theory/measures/scaleMeasure.js';
import { blockLaw } from '../../../theory/models/blockLaw.js';
import { softmaxMoment } from '../../../theory/weights/softmaxMoment.js';
import { softmaxWeights } from '../../../theory/weights/softmaxWeights.js';
import { symmetricEigenvalues } from '../../../theory/numerics/symmetricEigenvalues.js';

const covarianceOf = (p: readonly number[]) =>
  Float64Array.from({ length: p.length ** 2 }, (_, i) => {
    const [row, column] = [Math.floor(i / p.length), i % p.length];
    return (row === column ? p[row]! : 0) - p[row]! * p[column]!;
  });

describe('softmaxCovarianceEigenvalues', () => {
  test.each([
    [[0.5, 0.3, 0.2]],
    [[0.25, 0.25, 0.25, 0.25]],
    [[0.4, 0.2, 0.2, 0.2]],
    [[0.7, 0.1, 0.1, 0.0999999, 1e-7]],
    [[1 - 3e-9, 1e-9, 1e-9, 1e-9]],
    [[0.9, 0.1]],
  ])('of %j: those of the matrix, by tridiagonalisation', (p) => {
    const found = new Float64Array(p.length - 1);
    softmaxCovarianceEigenvalues(p, found);
    const all = symmetricEigenvalues(covarianceOf(p), p.length);
    // One of the p.length is the zero of the vector of ones; here always the smallest.
    found.forEach((value, k) => expect(Math.abs(value - all[k + 1]!)).toBeLessThan(2e-15));
  });
});

describe('linearCrossEntropyHessianLaw', () => {
  const laws = new Map<number, LinearHessianLaw>();
  beforeAll(() => {
    for (const classes of [2, 3, 8])
      laws.set(classes, linearCrossEntropyHessianLaw({ classes, logitVariance: 1, aspectRatio: 0.4, points: 2048 }));
  });

  test('moments: E tr A = 1 − Σ E p², and the second from the free cumulants, within the stated error', () => {
    for (const [classes, law] of laws) {
      const [first, second] = softmaxCovarianceMoments(classes, 1);
      const share = (classes - 1) / classes;
      // The first moment once more from its definition.
      expect(first * (classes - 1)).toBeCloseTo(
        1 - classes * softmaxMoment({ classes, logitVariance: 1, exponents: [2] }),
        12,
      );
      expect(Math.abs(law.moment(1) / (share * first) - 1)).toBeLessThan(3 * law.error + 1e-11);
      expect(Math.abs(law.moment(2) / (share * (0.4 * second + first * first)) - 1)).toBeLessThan(
        6 * law.error + 1e-11,
      );
      expect(law.error).toBeLessThan(1e-3);
    }
    expect(laws.get(2)!.error).toBe(0);
  });

  test('two classes: H = (1, −1)(1, −1)ᵀ ⊗ one block, so its law is that of twice the diagonal block and d zeros', () => {
    const law = laws.get(2)!;
    // Weight 2p(1 − p), p = logistic(√2 z): trapezoid rule in z.
    const nodes: number[] = [];
    const masses: number[] = [];
    for (let z = -8; z <= 8; z += 1 / 16) {
      const p = 1 / (1 + Math.exp(-Math.SQRT2 * z));
      nodes.push(2 * p * (1 - p));
      masses.push(Math.exp((-z * z) / 2) / 16 / Math.sqrt(2 * Math.PI));
    }
    const total = masses.reduce((sum, mass) => sum + mass, 0);
    const bulk = generalisedMarchenkoPastur(
      discreteMeasure(
        nodes,
        masses.map((mass) => mass / total),
      ),
      0.4,
    );
    for (const x of [0.1, 0.3, 0.6, 0.9]) {
      expect(law.cdf(x)).toBeCloseTo(0.5 + 0.5 * bulk.cdf(x), 9);
      expect(law.density(x)).toBeCloseTo(0.5 * bulk.density(x), 8);
    }
  });

  test.each([0.25, 4])(
    'three classes, logit variance %d: moments exact to rounding, CDF as from a lattice over the logits',
    (logitVariance) => {
      const law = linearCrossEntropyHessianLaw({ classes: 3, logitVariance, aspectRatio: 0.4 });
      const [first, second] = softmaxCovarianceMoments(3, logitVariance);
      expect(law.moment(1) / ((2 / 3) * first)).toBeCloseTo(1, 10);
      expect(law.moment(2) / ((2 / 3) * (0.4 * second + first * first))).toBeCloseTo(1, 10);
      const lattice = softmaxCovarianceWeights({ classes: 3, logitVariance, points: 4096, shift: 3 });
      const bulk = generalisedMarchenkoPastur(
        compressMeasure(discreteMeasure(lattice), { tolerance: 1e-8, aspectRatio: 0.4 }).measure,
        0.4,
      );
      for (const x of [0.05, 0.1, 0.2, 0.4, 0.7]) {
        expect(Math.abs(law.cdf(x) - (1 / 3 + (2 / 3) * bulk.cdf(x)))).toBeLessThan(2e-4);
      }
      expect(law.error).toBeLessThan(logitVariance < 1 ? 1e-11 : 1e-6);
    },
  );

  test.each([
    [0.4, 1e-6],
    [2, 1e-3],
  ])(
    'three classes, aspect ratio %d: the stated error covers the difference to a rule of half the step',
    (aspectRatio, most) => {
      const law = linearCrossEntropyHessianLaw({ classes: 3, logitVariance: 1, aspectRatio });
      const { measure } = compressMeasure(softmaxCovarianceOfThree(1, 0.19), { tolerance: 1e-12, aspectRatio });
      const finer = generalisedMarchenkoPastur(measure, aspectRatio);
      const zeros = 1 - 1 / Math.max(1, aspectRatio);
      for (const level of [0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98]) {
        const x = finer.quantile(zeros + level * (1 - zeros));
        expect(Math.abs(law.cdf(x) - (1 / 3 + (2 / 3) * finer.cdf(x)))).toBeLessThan(law.error);
      }
      expect(law.error).toBeLessThan(most);
    },
  );

  test.each([1, 4])(
    'two classes above aspect ratio 1, logit variance %d: the smooth law of the diagonal block, no gaps',
    (logitVariance) => {
      const law = linearCrossEntropyHessianLaw({ classes: 2, logitVariance, aspectRatio: 2 });
      const block = blockLaw({
        model: 'linear',
        loss: 'ce',
        layer: 'output',
        block: 'diagonal',
        classes: 2,
        logitVariance,
        aspectRatio: 2,
      }).law!;
      const nodes = generalisedMarchenkoPastur(
        scaleMeasure(softmaxWeights({ classes: 2, logitVariance, block: 'diagonal' }).quadrature, 2),
        2,
      );
      expect(law.support).toHaveLength(1);
      let [gap, onNodes] = [0, 0];
      for (let k = 1; k < 60; k++) {
        const x = (2 * block.support[0]![1] * k) / 60;
        gap = Math.max(gap, Math.abs(law.cdf(x) - (0.5 + 0.5 * block.cdf(x / 2))));
        onNodes = Math.max(onNodes, Math.abs(law.cdf(x) - (0.5 + 0.5 * nodes.cdf(x))));
      }
      expect(gap).toBeLessThan(1e-12);
      expect(onNodes).toBeGreaterThan(1e-7);
    },
  );

  test('is a law: mass 1 with the forced zeros, quantile inverts the CDF, tails complement each other', () => {
    const law = laws.get(8)!;
    expect(law.atoms).toEqual([{ at: 0, mass: 1 / 8 }]);
    expect(law.quantile(0.1)).toBe(0);
    for (const p of [0.2, 0.5, 0.9, 0.999]) {
      const x = law.quantile(p);
      expect(law.cdf(x)).toBeCloseTo(p, 10);
      expect(law.survival(x)).toBeCloseTo(1 - p, 10);
    }
    expect([law.cdf(-1), law.survival(-1), law.cdf(1), law.moment(0)]).toEqual([0, 1, 1, 1]);
    const points = Float64Array.of(-0.1, 0, 0.05, 0.2);
    law.cdfs(points).forEach((value, k) => expect(value).toBeCloseTo(law.cdf(points[k]!), 12));
    law.densities(points.subarray(2)).forEach((value, k) => expect(value).toBeCloseTo(law.density(points[k + 2]!), 10));
    // −z m(z) → 1 far out, and m is the transform of the mixture.
    const far = law.stieltjes({ re: 0, im: 1e6 });
    expect(far.im * 1e6).toBeCloseTo(1, 9);
  });

  test('off the axis the transform is −Σ m_k/z^{k+1}, the forced zeros included', () => {
    const law = linearCrossEntropyHessianLaw({ classes: 2, logitVariance: 1, aspectRatio: 0.5 });
    // The support ends below 1.5, so that 40 terms leave (1.5/6)^40.
    const z = { re: 5, im: 4 };
    const size = z.re ** 2 + z.im ** 2;
    const inverse = { re: z.re / size, im: -z.im / size };
    let power = inverse;
    const expected = { re: 0, im: 0 };
    for (let k = 0; k <= 40; k++) {
      expected.re -= law.moment(k) * power.re;
      expected.im -= law.moment(k) * power.im;
      power = {
        re: power.re * inverse.re - power.im * inverse.im,
        im: power.re * inverse.im + power.im * inverse.re,
      };
    }
    const found = law.stieltjes(z);
    expect(Math.hypot(found.re - expected.re, found.im - expected.im)).toBeLessThan(1e-9);
  });

  test('above aspect ratio 1 the atom is 1/C and what the bulk leaves', () => {
    const law = linearCrossEntropyHessianLaw({ classes: 3, logitVariance: 1, aspectRatio: 2, points: 1024 });
    expect(law.atoms[0]!.mass).toBeCloseTo(1 / 3 + (2 / 3) * 0.5, 12);
  });

  test('drawn spectra: the distance falls with d, and a wrong logit variance or aspect ratio is told apart (fixture edgesHessian.py)', () => {
    const sets = JSON.parse(
      readFileSync(new URL('../../fixtures/numpy/edgesHessian.json', import.meta.url), 'utf8'),
    ) as {
      classes: number;
      dimension: number;
      spectra: number[][];
      zeros: number;
    }[];
    const distance = (law: LinearHessianLaw, { classes, dimension, spectra }: (typeof sets)[0]) => {
      const total = classes * dimension;
      const each = spectra.map((spectrum) =>
        spectrum.reduce((worst, x, k) => {
          const cdf = law.cdf(x);
          return Math.max(worst, Math.abs(cdf - (k + dimension) / total), Math.abs(cdf - (k + 1 + dimension) / total));
        }, 0),
      );
      return each.reduce((sum, value) => sum + value, 0) / each.length;
    };
    for (const classes of [3, 5]) {
      const of = (logitVariance: number, aspectRatio: number) =>
        linearCrossEntropyHessianLaw({ classes, logitVariance, aspectRatio, points: 1024 });
      const [right, steeper, wider] = [of(1, 0.4), of(1.5, 0.4), of(1, 0.5)];
      const own = sets.filter((set) => set.classes === classes);
      for (const { zeros } of own) expect(zeros).toBeLessThan(1e-14);
      const distances = own.map((set) => distance(right, set));
      const last = own.at(-1)!;
      // Falls like N^{-1/2}: by 2 for 4 times the size (C = 3), by 1.4 for twice (C = 5); means over 4 draws scatter by
      // about 15 %.
      expect(distances.at(-1)!).toBeLessThan(distances[0]! * (classes === 3 ? 0.65 : 0.9));
      // The largest sizes measured 0.009 and 0.0095; a wrong law stands off by a distance that does not fall with d.
      expect(distances.at(-1)!).toBeLessThan(0.016);
      expect(distance(steeper, last)).toBeGreaterThan(0.028);
      expect(distance(wider, last)).toBeGreaterThan(0.028);
    }
  });

  test('refuses what it does not cover', () => {
    expect(() => linearCrossEntropyHessianLaw({ classes: 33, logitVariance: 1, aspectRatio: 1 })).toThrow(/2 to 32/);
    expect(() => linearCrossEntropyHessianLaw({ classes: 3, logitVariance: 0, aspectRatio: 1 })).toThrow(UsageError);
    expect(() => linearCrossEntropyHessianLaw({ classes: 3, logitVariance: 1, aspectRatio: 1, shifts: [0] })).toThrow(
      /two lattices/,
    );
  });
});

describe('matrixStieltjes', () => {
  test('exchangeable classes: the whole C×C equation reduces to the scalar law', () => {
    // Four points with all their permutations of the classes: exactly exchangeable, with no reduction made by hand.
    const points = [
      [0.5, 0.3, 0.2],
      [0.8, 0.15, 0.05],
      [1 / 3, 1 / 3, 1 / 3],
      [0.45, 0.45, 0.1],
    ];
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    const samples = points.length * orders.length;
    const probabilities = new Float64Array(3 * samples);
    const nodes: number[] = [];
    const pair = new Float64Array(2);
    points.forEach((p, k) => {
      orders.forEach((order, o) => order.forEach((from, c) => (probabilities[c * samples + k * 6 + o] = p[from]!)));
      softmaxCovarianceEigenvalues(p, pair);
      nodes.push(...pair);
    });
    const bulk = generalisedMarchenkoPastur(discreteMeasure(nodes), 0.7);
    for (const z of [
      { re: 0.2, im: 0.1 },
      { re: -0.3, im: 0.05 },
      { re: 0.6, im: 0.02 },
    ]) {
      const whole = matrixStieltjes({ probabilities, classes: 3, aspectRatio: 0.7, z });
      const scalar = bulk.stieltjes(z);
      const size = z.re ** 2 + z.im ** 2;
      expect(Math.abs(whole.re - ((2 / 3) * scalar.re - z.re / size / 3))).toBeLessThan(1e-9);
      expect(Math.abs(whole.im - ((2 / 3) * scalar.im + z.im / size / 3))).toBeLessThan(1e-9);
    }
  });

  test('given the drawn probabilities it is closer to the drawn spectrum than a wrong aspect ratio is (fixture edgesHessian.py)', () => {
    const set = (
      JSON.parse(readFileSync(new URL('../../fixtures/numpy/edgesHessian.json', import.meta.url), 'utf8')) as {
        classes: number;
        dimension: number;
        spectra: number[][];
        probabilities: number[][] | null;
      }[]
    ).find(({ probabilities }) => probabilities !== null)!;
    const probabilities = Float64Array.from(set.probabilities!.flat());
    const eigenvalues = [...set.spectra[0]!, ...new Array<number>(set.dimension).fill(0)];
    const z = { re: 0.3, im: 0.1 };
    let [re, im] = [0, 0];
    for (const eigenvalue of eigenvalues) {
      const size = (eigenvalue - z.re) ** 2 + z.im ** 2;
      re += (eigenvalue - z.re) / size / eigenvalues.length;
      im += z.im / size / eigenvalues.length;
    }
    const gap = (aspectRatio: number) => {
      const predicted = matrixStieltjes({ probabilities, classes: 3, aspectRatio, z, tolerance: 1e-9 });
      return Math.hypot(predicted.re - re, predicted.im - im);
    };
    // |m'| ≤ 1/Im z² = 100 and 240 eigenvalues that move together by O(1/d): measured gap 0.011, a wrong aspect ratio
    // 0.05 and more.
    expect(gap(0.4)).toBeLessThan(0.025);
    expect(gap(0.5)).toBeGreaterThan(0.05);
  });

  test('refuses the axis, lengths that do not fit, and a point where the iteration is too slow: the edge at 2', () => {
    const probabilities = [0.5, 0.5];
    expect(() => matrixStieltjes({ probabilities, classes: 2, aspectRatio: 1, z: { re: 1, im: 0 } })).toThrow(
      UsageError,
    );
    expect(() => matrixStieltjes({ probabilities, classes: 3, aspectRatio: 1, z: { re: 1, im: 1 } })).toThrow(/C × N/);
    expect(() => matrixStieltjes({ probabilities, classes: 2, aspectRatio: 1, z: { re: 2, im: 1e-12 } })).toThrow(
      NumericalError,
    );
  });
});
