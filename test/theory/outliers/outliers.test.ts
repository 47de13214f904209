import { describe, expect, test } from '@jest/globals';
import { NumericalError, UsageError } from '../../../theory/errors.js';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/generalisedMarchenkoPastur.js';
import { discreteMeasure } from '../../../theory/measures/discreteMeasure.js';
import { findOutliers } from '../../../theory/outliers/findOutliers.js';
import { hiddenSquaredErrorOutliers } from '../../../theory/outliers/hiddenSquaredErrorOutliers.js';
import { hiddenWeightFunction } from '../../../theory/network/hiddenWeight.js';
import { outliersFromSamples } from '../../../theory/outliers/outliersFromSamples.js';
import { outliersOfModel } from '../../../theory/models/outliersOfModel.js';
import { outliersOfWeightFunction } from '../../../theory/outliers/outliersOfWeightFunction.js';
import { symmetricEigenvalues } from '../../../theory/numerics/symmetricEigenvalues.js';
import type { BulkLaw } from '../../../theory/gmp/bulkLaw.js';
import { hiddenWeightsGivenReadout } from '../../../theory/weights/hiddenWeightsGivenReadout.js';
import { softmaxWeights } from '../../../theory/weights/softmaxWeights.js';
import { referenceLaw } from './edgesReferenceLaw.js';

/**
 * Roots of entry(m(λ)) = λ off the support, by sign changes on a fine grid of λ: no use of the monotony that the code
 * relies on.
 */
function rootsByScan(law: BulkLaw, entry: (t: number) => number, low = -4, high = 6): number[] {
  const roots: number[] = [];
  let before: { x: number; value: number } | undefined;
  for (let step = 0; step <= 1500; step++) {
    const x = low + ((high - low) * step) / 1500;
    const inside = law.support.some(([lower, upper]) => x >= lower && x <= upper);
    const here = inside ? undefined : { x, value: entry(law.stieltjes({ re: x, im: 0 }).re) - x };
    if (here && before && here.value * before.value < 0) {
      roots.push(before.x + ((x - before.x) * before.value) / (before.value - here.value));
    }
    before = here;
  }
  return roots;
}

const gateLaw = (aspectRatio: number, scale = 1, live = 0.25) =>
  referenceLaw([0, scale], [1 - live, live], aspectRatio);

describe('symmetricEigenvalues', () => {
  test.each([1, 2, 7, 60])(
    'the second-difference matrix of order %d has the eigenvalues 2 − 2 cos(πk/(n+1)), in any basis',
    (order) => {
      const plain = (row: number, column: number) => (row === column ? 2 : Math.abs(row - column) === 1 ? -1 : 0);
      // The same spectrum in another basis: reflected in the hyperplane orthogonal to v.
      const v = Array.from({ length: order }, (_, k) => Math.sin(k * k + 1));
      const square = v.reduce((sum, entry) => sum + entry * entry, 0);
      const reflect = (row: number, column: number) => (row === column ? 1 : 0) - (2 * v[row]! * v[column]!) / square;
      const product = (left: (r: number, c: number) => number, right: (r: number, c: number) => number) => {
        const entries = Float64Array.from({ length: order * order }, (_, i) => {
          let sum = 0;
          for (let k = 0; k < order; k++) sum += left(Math.floor(i / order), k) * right(k, i % order);
          return sum;
        });
        return (row: number, column: number) => entries[row * order + column]!;
      };
      const turned = product(product(reflect, plain), reflect);
      for (const entry of [plain, turned]) {
        const matrix = Float64Array.from({ length: order * order }, (_, i) => entry(Math.floor(i / order), i % order));
        symmetricEigenvalues(matrix, order).forEach((value, k) => {
          expect(Math.abs(value - (2 - 2 * Math.cos((Math.PI * (k + 1)) / (order + 1))))).toBeLessThan(2e-14);
        });
      }
    },
  );

  test('zero, diagonal and rank one', () => {
    expect(Array.from(symmetricEigenvalues(new Float64Array(9), 3))).toEqual([0, 0, 0]);
    expect(Array.from(symmetricEigenvalues(Float64Array.of(3, 0, 0, 0, -1, 0, 0, 0, 2), 3))).toEqual([-1, 2, 3]);
    const ones = symmetricEigenvalues(new Float64Array(25).fill(1e-160), 5);
    expect(ones[4]! / 5e-160).toBeCloseTo(1, 14);
    for (const value of ones.subarray(0, 4)) expect(Math.abs(value)).toBeLessThan(1e-174);
  });
});

describe('findOutliers', () => {
  test('weights independent of the projections have none', () => {
    const law = referenceLaw([-1, 1, 2], [0.3, 0.5, 0.2], 0.1);
    const weightMoments = (t: number) => {
      const value = [-1, 1, 2].reduce((sum, a, i) => sum + ([0.3, 0.5, 0.2][i]! * a) / (1 + 0.1 * a * t), 0);
      return Float64Array.of(value, 0, 0, value);
    };
    expect(findOutliers({ law, weightMoments, rank: 2 })).toEqual([]);
  });

  test('every root of the determinant is found, with side and multiplicity, on both sides and in a gap', () => {
    // Weights −1 and 2, probability ½ each; conditional second moments of g given the weight chosen by hand, three
    // directions: two with E[g²; a = 2] = 0.9, one with E[g²; a = 2] = 0.1.
    const aspectRatio = 0.01;
    const law = referenceLaw([-1, 2], [0.5, 0.5], aspectRatio);
    const given = [0.9, 0.9, 0.1];
    const entry = (share: number, t: number) =>
      (2 * share) / (1 + 2 * aspectRatio * t) - (1 - share) / (1 - aspectRatio * t);
    const weightMoments = (t: number) =>
      Float64Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? entry(given[i / 4]!, t) : 0));
    const found = findOutliers({ law, weightMoments, rank: 3 });

    const expected = [0.9, 0.1].flatMap((share) => rootsByScan(law, (t) => entry(share, t))).sort((a, b) => a - b);
    expect(found.map(({ multiplicity }) => multiplicity)).toEqual([1, 2]);
    expect(expected.length).toBe(2);
    found.forEach(({ at }, i) => expect(Math.abs(at - expected[i]!)).toBeLessThan(1e-4));
    for (const { at, side } of found) {
      const [bottom, top] = [law.support[0]![0], law.support.at(-1)![1]];
      expect(side).toBe(at < bottom ? 'below' : at > top ? 'above' : 'gap');
    }
  });

  test('an outlier in the gap between two parts of the bulk', () => {
    const law = referenceLaw([1, 100], [0.95, 0.05], 0.5);
    expect(law.support.length).toBe(2);
    // One direction with E[g²; a = 1] = 3.96 and E[g²; a = 100] = 0.01.
    const entry = (t: number) => 3.96 / (1 + 0.5 * t) + 1 / (1 + 50 * t);
    const found = findOutliers({ law, rank: 1, weightMoments: (t) => Float64Array.of(entry(t)) });
    const expected = rootsByScan(law, entry, -5, 120);
    expect(found).toEqual([{ at: expect.any(Number), multiplicity: 1, side: 'gap' }]);
    expect(expected.length).toBe(1);
    expect(Math.abs(found[0]!.at - expected[0]!)).toBeLessThan(1e-3);
  });

  test('above aspect ratio 1 the stretch around the atom at zero holds none', () => {
    const law = referenceLaw([1, 3], [0.5, 0.5], 4);
    const weightMoments = (t: number) => Float64Array.of(0.1 / (1 + 4 * t) + 36 / (1 + 12 * t));
    const found = findOutliers({ law, weightMoments, rank: 1 });
    const entry = (t: number) => weightMoments(t)[0]!;
    const expected = rootsByScan(law, entry, law.support.at(-1)![1], 100);
    expect(found.map(({ side }) => side)).toEqual(expected.map(() => 'above'));
    found.forEach(({ at }, i) => expect(Math.abs(at - expected[i]!)).toBeLessThan(1e-3));
    expect(found.length).toBe(1);
  });

  test('says when the moments have the wrong shape or are not finite', () => {
    const law = gateLaw(0.05);
    expect(() => findOutliers({ law, rank: 2, weightMoments: () => new Float64Array(3) })).toThrow(UsageError);
    expect(() => findOutliers({ law, rank: 1, weightMoments: () => Float64Array.of(Number.NaN) })).toThrow(
      NumericalError,
    );
  });
});

describe('hiddenSquaredErrorOutliers', () => {
  test('closed form equals the determinant equation with the wedge moments by quadrature', () => {
    const angle = 1.2;
    const live = (Math.PI - angle) / (2 * Math.PI);
    for (const [aspectRatio, scale] of [
      [0.02, 1],
      [0.05, -2.5],
    ] as const) {
      const law = gateLaw(aspectRatio, scale, live);
      // E[1{both on} g gᵀ] in the plane: E r² = 2 times the mean over the wedge of directions, by the midpoint rule.
      const moments = [0, 0, 0];
      const steps = 40000;
      for (let k = 0; k < steps; k++) {
        const direction = (2 * Math.PI * (k + 0.5)) / steps;
        const [x, y] = [Math.cos(direction), Math.sin(direction)];
        if (x > 0 && x * Math.cos(angle) + y * Math.sin(angle) > 0) {
          moments[0]! += (2 * x * x) / steps;
          moments[1]! += (2 * x * y) / steps;
          moments[2]! += (2 * y * y) / steps;
        }
      }
      const weightMoments = (t: number) =>
        Float64Array.of(moments[0]!, moments[1]!, moments[1]!, moments[2]!).map(
          (value) => (value * scale) / (1 + aspectRatio * scale * t),
        );
      const general = findOutliers({ law, weightMoments, rank: 2 });
      const closed = hiddenSquaredErrorOutliers({ law, scale, angle });
      expect(closed.length).toBe(2);
      expect(general.length).toBe(2);
      closed.forEach((outlier, i) => {
        expect(Math.abs(outlier.at - general[i]!.at)).toBeLessThan(5e-4 * Math.abs(outlier.at));
        expect(outlier.side).toBe(general[i]!.side);
      });
    }
  });

  test('outliers vanish at aspect ratio 1/π² for orthogonal weights, where they meet the edge', () => {
    const critical = 1 / Math.PI ** 2;
    expect(hiddenSquaredErrorOutliers({ law: gateLaw(critical * 1.001), scale: 1 })).toEqual([]);
    const law = gateLaw(critical * 0.9999);
    const [low, high] = hiddenSquaredErrorOutliers({ law, scale: 1 });
    expect(Math.abs(high!.at - law.support.at(-1)![1])).toBeLessThan(1e-6);
    expect(Math.abs(low!.at - law.support[0]![0])).toBeLessThan(1e-6);
  });

  test('refuses a law of other weights', () => {
    expect(() => hiddenSquaredErrorOutliers({ law: gateLaw(0.05, 2), scale: 1 })).toThrow(/same scale and angle/);
    expect(() => hiddenSquaredErrorOutliers({ law: gateLaw(0.05), scale: 1, angle: 0 })).toThrow(UsageError);
  });
});

describe('outliersOfWeightFunction', () => {
  test('agrees with the closed form of two gates within a few of its own standard errors', () => {
    const law = gateLaw(0.05);
    const weightOf = (g: Float64Array) => (g[0]! > 0 && g[1]! > 0 ? 1 : 0);
    const estimated = outliersOfWeightFunction({ law, rank: 2, weightOf, points: 512, shifts: 8 });
    const closed = hiddenSquaredErrorOutliers({ law, scale: 1 });
    expect(estimated.length).toBe(2);
    estimated.forEach(({ at, error }, i) => {
      expect(error).toBeLessThan(2e-3);
      expect(Math.abs(at - closed[i]!.at)).toBeLessThan(6 * error + 1e-9);
    });
  });

  test('finds a threefold outlier of a weight with three-fold symmetry, at the root of the scalar equation', () => {
    // a = 2 where |g|² > t, −1 elsewhere, t = 2.36597. With Φ the chi-square law of 3 degrees: E[|g|²/3; |g|² > t] =
    // P(χ²₅ > t).
    const threshold = 2.36597;
    const erf = (x: number) => {
      let [sum, term] = [x, x];
      for (let n = 1; n < 60; n++) {
        term *= (-x * x) / n;
        sum += term / (2 * n + 1);
      }
      return (2 / Math.sqrt(Math.PI)) * sum;
    };
    const root = Math.sqrt(threshold);
    const above3 = 1 - erf(root / Math.SQRT2) + Math.sqrt(2 / Math.PI) * root * Math.exp(-threshold / 2);
    const above5 = above3 + Math.sqrt(2 / Math.PI) * (root ** 3 / 3) * Math.exp(-threshold / 2);
    const aspectRatio = 0.1;
    const law = referenceLaw([-1, 2], [1 - above3, above3], aspectRatio);
    const share = (value: number, t: number) => (2 * value) / (1 + 0.2 * t) - (1 - value) / (1 - 0.1 * t);
    const exact = findOutliers({
      law,
      rank: 3,
      weightMoments: (t) => Float64Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? share(above5, t) : 0)),
    });
    expect(exact).toEqual([{ at: expect.any(Number), multiplicity: 3, side: 'above' }]);
    const estimated = outliersOfWeightFunction({
      law,
      rank: 3,
      weightOf: (g) => (g[0]! ** 2 + g[1]! ** 2 + g[2]! ** 2 > threshold ? 2 : -1),
      points: 512,
    });
    expect(estimated.length).toBe(3);
    for (const { at } of estimated) expect(Math.abs(at - exact[0]!.at)).toBeLessThan(0.02);
  });
});

describe('outliersFromSamples', () => {
  test('solves the determinant equation of the drawn weights', () => {
    const samples = 12;
    const weights = Array.from({ length: samples }, (_, n) => Math.cos(3 * n + 1) + 0.3);
    const coordinates = Array.from({ length: 2 * samples }, (_, n) => 2.6 * Math.sin(7 * n * n + 2));
    const aspectRatio = 0.5;
    const law = generalisedMarchenkoPastur(discreteMeasure(weights), aspectRatio);
    const found = outliersFromSamples({ weights, coordinates, rank: 2, aspectRatio, law });
    // d = 6: the equation lives in the 4 dimensions orthogonal to the projections.
    const reduced = 4 / samples;
    const orthogonal = generalisedMarchenkoPastur(discreteMeasure(weights), reduced);
    const determinant = (x: number) => {
      const m = orthogonal.stieltjes({ re: x, im: 0 }).re;
      let [a, b, c] = [-x, 0, -x];
      for (let n = 0; n < samples; n++) {
        const share = weights[n]! / (1 + reduced * weights[n]! * m) / samples;
        a += share * coordinates[n]! ** 2;
        b += share * coordinates[n]! * coordinates[samples + n]!;
        c += share * coordinates[samples + n]! ** 2;
      }
      return a * c - b * b;
    };
    expect(found.length).toBeGreaterThan(0);
    for (const { at } of found) {
      const step = 1e-6;
      expect(Math.sign(determinant(at - step))).not.toBe(Math.sign(determinant(at + step)));
    }
    expect(() => outliersFromSamples({ weights, coordinates, rank: 3, aspectRatio, law })).toThrow(/rank × N = 36/);
    const other = generalisedMarchenkoPastur(discreteMeasure([0.1, 0.2]), aspectRatio);
    expect(() => outliersFromSamples({ weights, coordinates, rank: 2, aspectRatio, law: other })).toThrow(
      /same weights/,
    );
  });
});

describe('outliersOfModel', () => {
  test('linear squared error has none; hidden squared error on the diagonal has none', () => {
    const law = referenceLaw([1], [1], 0.5);
    expect(outliersOfModel({ model: 'linear', loss: 'mse', law, i: 0, j: 0, classes: 3 })).toEqual([]);
    const readout = [1, 0, 0, 0, 1, 0];
    expect(
      outliersOfModel({
        model: 'hidden',
        loss: 'mse',
        activation: 'relu',
        law: gateLaw(0.01, 1, 0.5),
        i: 0,
        j: 0,
        classes: 2,
        width: 3,
        readout,
      }),
    ).toEqual([]);
  });

  test('hidden squared error takes scale and angle from the readout and the Gram matrix', () => {
    const readout = [1, 2, 0, 0.5, -1, 3];
    const scale = 2 - 0.5;
    const gram = [1, 0.3, 0, 0.3, 2, 0, 0, 0, 1];
    const angle = Math.acos(0.3 / Math.SQRT2);
    const law = gateLaw(0.02, scale, (Math.PI - angle) / (2 * Math.PI));
    const found = outliersOfModel({
      model: 'hidden',
      loss: 'mse',
      activation: 'relu',
      law,
      i: 0,
      j: 1,
      classes: 2,
      width: 3,
      readout,
      preactivationGram: gram,
    });
    expect(found).toEqual(
      hiddenSquaredErrorOutliers({ law, scale, angle }).map((outlier) => ({ ...outlier, error: 0 })),
    );
    expect(found.length).toBe(2);
  });

  test('the symmetric branches of the linear model give what the whole k×k matrix gives', () => {
    const classes = 4;
    const identity = Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0));
    for (const [block, j] of [
      ['off-diagonal', 1],
      ['diagonal', 0],
    ] as const) {
      const law = generalisedMarchenkoPastur(softmaxWeights({ classes, logitVariance: 1, block }).quadrature, 0.02);
      const common = {
        model: 'linear',
        loss: 'ce',
        law,
        i: 0,
        j,
        classes,
        points: 512,
        shifts: 4,
        negligibleMass: 1e-3,
      } as const;
      const symmetric = outliersOfModel({ ...common, logitVariance: 1 });
      const whole = outliersOfModel({ ...common, logitGram: identity });
      const placesOf = (outliers: typeof whole) =>
        outliers.flatMap(({ at, multiplicity }) => new Array<number>(multiplicity).fill(at));
      expect(placesOf(symmetric).length).toBeGreaterThan(0);
      expect(placesOf(whole).length).toBe(placesOf(symmetric).length);
      placesOf(symmetric).forEach((at, k) => {
        expect(Math.abs(placesOf(whole)[k]! - at)).toBeLessThan(
          6 * whole[Math.min(k, whole.length - 1)]!.error + 2e-3 * Math.abs(at),
        );
      });
    }
  });

  test('a variance factor is the same as a multiple of the identity for a Gram matrix', () => {
    const law = generalisedMarchenkoPastur(discreteMeasure([-0.3, 0, 0.2, 0.9], [0.1, 0.7, 0.1, 0.1]), 0.05);
    const common = {
      loss: 'ce',
      activation: 'relu',
      readout: [1, -0.5, 0.3, 0.8, -1.2, 0.4],
      classes: 3,
      width: 2,
      i: 0,
      j: 1,
    } as const;
    const weightAt = (scale: Parameters<typeof hiddenWeightFunction>[0], g: Float64Array) => {
      const { labelMasses, weightsOf } = hiddenWeightFunction(scale);
      expect(Array.from(labelMasses)).toEqual([1]);
      const weights = new Float64Array(1);
      weightsOf(g, weights);
      return weights[0]!;
    };
    const direct = (g: Float64Array) => weightAt({ ...common, varianceFactor: 2 }, g);
    const throughGram = (g: Float64Array) => weightAt({ ...common, preactivationGram: [2, 0, 0, 2] }, g);
    const point = Float64Array.of(0.7, 1.1);
    expect(direct(point)).toBeCloseTo(throughGram(point), 14);
    // By hand: u = √2 (0.7, 1.1), both gates on, p = softmax(V u).
    const u = [0.7 * Math.SQRT2, 1.1 * Math.SQRT2];
    const odds = [0, 1, 2].map((c) => Math.exp(common.readout[2 * c]! * u[0]! + common.readout[2 * c + 1]! * u[1]!));
    const total = odds.reduce((sum, odd) => sum + odd, 0);
    const mean = (f: (c: number) => number) => odds.reduce((sum, odd, c) => sum + (odd / total) * f(c), 0);
    const covariance =
      mean((c) => common.readout[2 * c]! * common.readout[2 * c + 1]!) -
      mean((c) => common.readout[2 * c]!) * mean((c) => common.readout[2 * c + 1]!);
    expect(direct(point)).toBeCloseTo(covariance, 14);
    expect(direct(Float64Array.of(0.7, -1.1))).toBe(0);
    expect(() => outliersOfModel({ model: 'hidden', law, ...common, varianceFactor: 0 })).toThrow(/varianceFactor/);
  });

  describe('diagonal block of one smooth unit, over labels too: the root of the scalar equation, by quadrature', () => {
    type Smooth = (u: number) => readonly [value: number, first: number, second: number];
    const tanh: Smooth = (u) => [Math.tanh(u), 1 - Math.tanh(u) ** 2, -2 * Math.tanh(u) * (1 - Math.tanh(u) ** 2)];
    const sine: Smooth = (u) => [Math.sin(u), Math.cos(u), -Math.sin(u)];
    const asExpression = {
      name: 'sin(x)',
      value: Math.sin,
      first: Math.cos,
      second: (u: number) => -Math.sin(u),
      gated: false,
    };

    /** The weight by its definition, for each of the labels. */
    function weightsAt(u: number, activation: Smooth, loss: 'ce' | 'mse', readout: readonly number[]): number[] {
      const [h, slope, bend] = activation(u);
      const odds = readout.map((v) => Math.exp(v * h));
      const total = odds.reduce((sum, odd) => sum + odd, 0);
      const mean = readout.reduce((sum, v, c) => sum + (odds[c]! / total) * v, 0);
      const variance = readout.reduce((sum, v, c) => sum + (odds[c]! / total) * (v - mean) ** 2, 0);
      const length = readout.reduce((sum, v) => sum + v * v, 0);
      return readout.map((v) =>
        loss === 'ce' ? variance * slope ** 2 + (mean - v) * bend : length * slope ** 2 + (length * h - v) * bend,
      );
    }

    const aspectRatio = 0.02;
    const cases = [
      { activation: tanh, given: 'tanh', readout: [1, -0.8, 0, 0] },
      { activation: sine, given: asExpression, readout: [0.4, -0.3, 0.6, 0.1] },
    ] as const;
    for (const { activation, given, readout } of cases) {
      for (const loss of ['mse', 'ce'] as const) {
        test(`${typeof given === 'string' ? given : given.name}, ${loss}`, () => {
          // Trapezoidal rule in u: the integrands are analytic, so it is exact to rounding.
          const entries: { a: number; u: number; mass: number }[] = [];
          for (let k = -140; k <= 140; k++) {
            const u = 0.05 * k;
            for (const a of weightsAt(u, activation, loss, readout)) {
              entries.push({ a, u, mass: (0.05 * Math.exp(-0.5 * u * u)) / Math.sqrt(2 * Math.PI) / readout.length });
            }
          }
          const mean = (f: (entry: (typeof entries)[number]) => number) =>
            entries.reduce((sum, entry) => sum + entry.mass * f(entry), 0);
          const equation = (t: number) => 1 / t + mean(({ a, u }) => (a * (u * u - 1)) / (1 + aspectRatio * a * t));
          const place = (t: number) => -1 / t + mean(({ a }) => a / (1 + aspectRatio * a * t));
          const outside = (t: number) =>
            1 / (t * t) > aspectRatio * mean(({ a }) => (a / (1 + aspectRatio * a * t)) ** 2);
          // λ = z(t) for t between 0 and the first pole on either side, as far as z increases.
          const roots: { at: number; side: string }[] = [];
          for (const [end, side] of [
            [-1 / (aspectRatio * Math.max(...entries.map(({ a }) => a))), 'above'],
            [-1 / (aspectRatio * Math.min(...entries.map(({ a }) => a))), 'below'],
          ] as const) {
            for (let k = 1; k < 200 && outside((end * (k + 1)) / 200); k++) {
              let [low, high] = [(end * k) / 200, (end * (k + 1)) / 200];
              if (equation(low) * equation(high) > 0) continue;
              for (let halving = 0; halving < 50; halving++) {
                const middle = (low + high) / 2;
                if (equation(middle) * equation(low) > 0) low = middle;
                else high = middle;
              }
              roots.push({ at: place(low), side });
            }
          }
          roots.sort((left, right) => left.at - right.at);
          const total = mean(() => 1);
          const law = generalisedMarchenkoPastur(
            discreteMeasure(
              entries.map(({ a }) => a),
              entries.map(({ mass }) => mass / total),
            ),
            aspectRatio,
          );
          const options = {
            model: 'hidden',
            loss,
            activation: given,
            law,
            i: 0,
            j: 0,
            classes: 4,
            width: 1,
            readout,
            points: 2048,
          } as const;
          const found = outliersOfModel(options);
          expect(roots.length).toBeGreaterThan(0);
          expect(found.map(({ side, multiplicity }) => [side, multiplicity])).toEqual(
            roots.map(({ side }) => [side, 1]),
          );
          found.forEach(({ at, error }, k) => {
            expect(error).toBeLessThan(2e-3 * Math.abs(at));
            // The steps in u put the end of the law's weights 1e-6 short of the function's own, to which the lattice's
            // are cut.
            expect(Math.abs(at - roots[k]!.at)).toBeLessThan(6 * error + 2e-6 * Math.abs(at));
          });
          // The weights without the labels' term are others than this law's.
          expect(() => outliersOfModel({ ...options, residualTerm: false })).toThrow(/second moment/);
        });
      }
    }

    test('more labels than are summed over: the Gauss rule of 16 nodes in their place', () => {
      // An arcsine-like law of entries: much mass at the ends, which is where a rule has its largest error.
      const classes = 100;
      const readout = Array.from({ length: classes }, (_, c) => 1.7 * Math.sin(c * c + 1) + 0.4);
      const common = { loss: 'ce', activation: 'tanh', readout, classes, width: 1, i: 0, j: 0 } as const;
      const law = generalisedMarchenkoPastur(hiddenWeightsGivenReadout(common).measure, aspectRatio);
      const settings = { law, points: 256, shifts: 4, negligibleMass: 1 / 2000 };
      expect(hiddenWeightFunction(common).labelMasses.length).toBe(16);
      const byRule = outliersOfModel({ model: 'hidden', ...common, ...settings });
      const overAll = outliersOfWeightFunction({
        ...settings,
        rank: 1,
        labelMasses: new Array<number>(classes).fill(1 / classes),
        weightsOf: ([u], weights) => weights.set(weightsAt(u!, tanh, 'ce', readout)),
      });
      expect(byRule.map(({ side }) => side)).toEqual(['below']);
      expect(overAll.length).toBe(1);
      expect(Math.abs(byRule[0]!.at / overAll[0]!.at - 1)).toBeLessThan(1e-6);
      // A label at its mean throughout is another weight.
      const centre = readout.reduce((sum, v) => sum + v, 0) / classes;
      expect(() =>
        outliersOfWeightFunction({
          ...settings,
          rank: 1,
          weightOf: ([u]) => weightsAt(u!, tanh, 'ce', [...readout, centre])[classes]!,
        }),
      ).toThrow(/second moment/);
    });

    test('probabilities of labels that are none are refused', () => {
      const law = referenceLaw([1], [1], 0.5);
      const weightsOf = (_: Float64Array, weights: Float64Array) => weights.fill(1);
      expect(() => outliersOfWeightFunction({ law, rank: 1, labelMasses: [0.5, 0.4], weightsOf })).toThrow(
        /labelMasses must sum to 1/,
      );
      expect(() => outliersOfWeightFunction({ law, rank: 1, labelMasses: [1.5, -0.5], weightsOf })).toThrow(
        /must not be negative, got -0.5/,
      );
    });
  });

  test('a law of other weights is refused by the cubature', () => {
    const law = generalisedMarchenkoPastur(
      softmaxWeights({ classes: 20, logitVariance: 0.1, block: 'diagonal' }).quadrature,
      0.02,
    );
    expect(() =>
      outliersOfModel({ model: 'linear', loss: 'ce', law, i: 0, j: 0, classes: 4, logitVariance: 1, points: 256 }),
    ).toThrow(NumericalError);
  });

  test('names what is missing or out of range', () => {
    const law = gateLaw(0.05);
    expect(() => outliersOfModel({ model: 'linear', loss: 'ce', law, i: 0, j: 1, classes: 3 })).toThrow(
      /logitVariance/,
    );
    expect(() =>
      outliersOfModel({ model: 'linear', loss: 'ce', law, i: 0, j: 1, classes: 1000, logitVariance: 1 }),
    ).toThrow(/outliersFromSamples/);
    expect(() =>
      outliersOfModel({
        model: 'hidden',
        loss: 'ce',
        activation: 'relu',
        law,
        i: 0,
        j: 1,
        classes: 2,
        width: 2,
        readout: [1, 2, 3, 4],
        preactivationGram: [1, 2, 2, 1],
      }),
    ).toThrow(/must be a covariance matrix/);
  });
});
