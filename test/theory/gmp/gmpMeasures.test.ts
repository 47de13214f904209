import { describe, expect, test } from '@jest/globals';
import type { DiscreteMeasure } from '../../../theory/contracts.js';
import { UsageError } from '../../../theory/errors.js';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/index.js';
import {
  compressMeasure,
  discreteMeasure,
  exactSum,
  gaussQuadrature,
  measureMoment,
  scaleMeasure,
} from '../../../theory/measures/index.js';

/** Equally likely lognormal-like weights without a random stream: quantiles of e^{s z}, shuffled signs, some zeros. */
function drawnLike(count: number, spread: number, { signed = false, zeros = 0 } = {}): DiscreteMeasure {
  const nodes = Array.from({ length: count }, (_, i) => {
    if (i % 100 < zeros) return 0;
    // The golden-ratio sequence fills (0, 1) evenly but not regularly, as draws do.
    const u = ((i + 1) * 0.6180339887498949) % 1;
    const z = Math.log(u / (1 - u)) / 1.7;
    return (signed && i % 3 === 0 ? -1 : 1) * Math.exp(spread * z);
  });
  return discreteMeasure(nodes);
}

describe('discreteMeasure', () => {
  test('sorts, merges equal nodes, drops zero masses', () => {
    const measure = discreteMeasure([3, -1, 3, 0, 7], [0.25, 0.25, 0.25, 0.25, 0]);
    expect(Array.from(measure.nodes)).toEqual([-1, 0, 3]);
    expect(Array.from(measure.masses)).toEqual([0.25, 0.25, 0.5]);
  });

  test('without masses every entry counts the same', () => {
    expect(Array.from(discreteMeasure([2, 1, 1, 1]).masses)).toEqual([0.75, 0.25]);
  });

  test('takes 0 and −0 for the same node', () => {
    expect(Array.from(discreteMeasure([0, -0, 1, 1]).masses)).toEqual([0.5, 0.5]);
  });

  test.each([
    [() => discreteMeasure([]), /at least one value/],
    [() => discreteMeasure([1, 2], [1]), /1 masses for 2 nodes/],
    [() => discreteMeasure([1, NaN]), /node 1 is NaN/],
    [() => discreteMeasure([1, 2], [1.5, -0.5]), /mass 1 is -0.5/],
    [() => discreteMeasure([1, 2], [0.5, 0.4]), /sum to 1/],
    [() => scaleMeasure(discreteMeasure([1]), Infinity), /factor/],
    [() => measureMoment(discreteMeasure([1]), 1.5), /whole number/],
  ])('refuses malformed input and says what is wrong (%#)', (call, message) => {
    expect(call).toThrow(UsageError);
    expect(call).toThrow(message);
  });

  test('moments and scaling', () => {
    const measure = discreteMeasure([-1, 3], [0.25, 0.75]);
    expect([0, 1, 2, 3].map((k) => measureMoment(measure, k))).toEqual([1, 2, 7, 20]);
    expect(Array.from(scaleMeasure(measure, -2).nodes)).toEqual([-6, 2]);
    expect(Array.from(scaleMeasure(measure, 0).nodes)).toEqual([0]);
  });

  test('exactSum keeps what plain summation loses', () => {
    expect(exactSum([1, 1e-17, -1]).high).toBe(1e-17);
  });
});

describe('gaussQuadrature', () => {
  test('equal masses at the 40 Chebyshev points: the Gauss nodes are the Chebyshev points of any smaller number', () => {
    const size = 40;
    const points = Float64Array.from({ length: size }, (_, i) => -Math.cos(((2 * i + 1) * Math.PI) / (2 * size)));
    for (const count of [1, 2, 7, 20]) {
      const { nodes, masses } = gaussQuadrature(points, new Float64Array(size).fill(1 / size), count);
      nodes.forEach((node, i) => expect(node).toBeCloseTo(-Math.cos(((2 * i + 1) * Math.PI) / (2 * count)), 14));
      masses.forEach((mass) => expect(mass).toBeCloseTo(1 / count, 14));
    }
  });

  test('keeps 2n moments, to rounding, and not the next', () => {
    const measure = drawnLike(500, 0.5);
    const reduced = gaussQuadrature(measure.nodes, measure.masses, 4);
    for (let k = 0; k < 8; k++)
      expect(Math.abs(measureMoment(reduced, k) / measureMoment(measure, k) - 1)).toBeLessThan(1e-12);
    expect(Math.abs(measureMoment(reduced, 8) / measureMoment(measure, 8) - 1)).toBeGreaterThan(1e-6);
  });
});

describe('compressMeasure', () => {
  test.each([
    ['positive, light', drawnLike(2000, 0.6), 0.5],
    ['positive, heavy', drawnLike(2000, 1.2), 0.5],
    ['both signs and zeros', drawnLike(2000, 0.8, { signed: true, zeros: 20 }), 0.5],
    ['both signs, aspect ratio 1', drawnLike(1000, 0.8, { signed: true }), 1],
    ['positive, aspect ratio 0.01', drawnLike(2000, 1, {}), 0.01],
    ['positive, aspect ratio 3', drawnLike(1000, 0.6), 3],
  ] as const)('the law of the compressed weights is that of all of them: %s', (_, measure, aspectRatio) => {
    const { measure: compressed, error } = compressMeasure(measure, { aspectRatio });
    expect(error).toBeLessThanOrEqual(1e-13);
    expect(error).toBeGreaterThan(0);
    expect(compressed.nodes.length).toBeLessThan(0.5 * measure.nodes.length);
    expect(Math.abs(exactSum(compressed.masses).high - 1)).toBeLessThan(1e-14);
    const zero = measure.nodes.indexOf(0);
    if (zero >= 0) expect(compressed.masses[compressed.nodes.indexOf(0)]).toBe(measure.masses[zero]);

    const exact = generalisedMarchenkoPastur(measure, aspectRatio, { compression: 0 });
    const law = generalisedMarchenkoPastur(compressed, aspectRatio, { compression: 0 });
    expect(law.support).toHaveLength(exact.support.length);
    exact.support.forEach((interval, i) => {
      interval.forEach((x, end) => expect(Math.abs(law.support[i][end] - x)).toBeLessThanOrEqual(1e-12 * Math.abs(x)));
      const [lower, upper] = interval;
      for (let k = 1; k < 40; k++) {
        const x = lower + (upper - lower) * Math.sin((Math.PI * k) / 80) ** 2;
        expect(Math.abs(law.cdf(x) - exact.cdf(x))).toBeLessThan(2e-13);
        expect(Math.abs(law.density(x) / exact.density(x) - 1)).toBeLessThan(1e-10);
      }
    });
  });

  test('too few nodes are reported as such: the error is not small, and it is the size of the true one', () => {
    const measure = drawnLike(2000, 0.6);
    const { measure: poor, error } = compressMeasure(measure, { maximumNodes: 10, aspectRatio: 0.5 });
    expect(poor.nodes.length).toBeLessThanOrEqual(10);
    expect(error).toBeGreaterThan(1e-9);
    const exact = generalisedMarchenkoPastur(measure, 0.5, { compression: 0 });
    const law = generalisedMarchenkoPastur(poor, 0.5);
    let worst = 0;
    for (const [lower, upper] of exact.support) {
      for (let k = 1; k < 200; k++) {
        const x = lower + ((upper - lower) * k) / 200;
        worst = Math.max(worst, Math.abs(law.cdf(x) - exact.cdf(x)));
      }
    }
    expect(worst).toBeLessThan(3 * error);
    expect(worst).toBeGreaterThan(error / 100);
  });

  test('is the same at any scale', () => {
    const measure = drawnLike(600, 0.8, { signed: true });
    const plain = compressMeasure(measure, { aspectRatio: 1 });
    const scaled = compressMeasure(scaleMeasure(measure, 2 ** -400), { aspectRatio: 1 });
    expect(scaled.measure.nodes.length).toBe(plain.measure.nodes.length);
    scaled.measure.nodes.forEach((node, i) =>
      expect(Math.abs((node * 2 ** 400) / plain.measure.nodes[i] - 1)).toBeLessThan(1e-12),
    );
  });

  test('100 000 weights', () => {
    const measure = drawnLike(100_000, 0.6);
    const law = generalisedMarchenkoPastur(measure, 0.5);
    expect(law.diagnostics.nodes).toBeLessThan(400);
    expect(law.diagnostics.notes[0]).toMatch(/100000 weights represented by/);
    // Mean and second moment by hand: E a, and γ E a² + (E a)², of all the weights.
    const mean = measureMoment(measure, 1);
    expect(Math.abs(law.moment(1) / mean - 1)).toBeLessThan(1e-13);
    expect(Math.abs(law.moment(2) / (0.5 * measureMoment(measure, 2) + mean * mean) - 1)).toBeLessThan(1e-13);
    // The compressed law itself solves the equation of the full measure.
    for (const p of [0.001, 0.3, 0.9, 0.999]) {
      const x = law.quantile(p);
      const { re, im } = law.boundaryStieltjes(x);
      const modulus = re * re + im * im;
      let zRe = -re / modulus;
      let zIm = im / modulus;
      measure.nodes.forEach((a, k) => {
        const qRe = 1 + 0.5 * a * re;
        const qIm = 0.5 * a * im;
        zRe += (measure.masses[k] * a * qRe) / (qRe * qRe + qIm * qIm);
        zIm -= (measure.masses[k] * a * qIm) / (qRe * qRe + qIm * qIm);
      });
      expect(Math.hypot(zRe - x, zIm)).toBeLessThan(1e-12 * (x + 1 / Math.sqrt(modulus)));
    }
  });

  test('a cap on the nodes that no accuracy can meet gives a coarse measure with its error, and keeps the mass and the mean', () => {
    for (const aspectRatio of [0.5, 3, 8]) {
      for (const maximumNodes of [20, 64, 128]) {
        const measure = drawnLike(300, 1.5, { signed: true });
        const { measure: coarse, error } = compressMeasure(measure, { maximumNodes, aspectRatio });
        expect(coarse.nodes.length).toBeGreaterThan(0);
        expect(Math.abs(measureMoment(coarse, 0) - 1)).toBeLessThan(1e-12);
        // A Gauss rule of one node or more keeps the mean of its run.
        expect(Math.abs(measureMoment(coarse, 1) - measureMoment(measure, 1))).toBeLessThan(
          1e-12 * Math.sqrt(measureMoment(measure, 2)),
        );
        expect(error).toBeGreaterThanOrEqual(0);
      }
    }
  });

  test('few nodes are left alone', () => {
    const measure = discreteMeasure([1, 2, 3]);
    expect(compressMeasure(measure, { aspectRatio: 1 })).toEqual({ measure, error: 0 });
    expect(compressMeasure(discreteMeasure([0]), { aspectRatio: 1 })).toEqual({
      measure: discreteMeasure([0]),
      error: 0,
    });
  });

  test.each([
    [{ maximumNodes: 1 }, /maximumNodes/],
    [{ tolerance: 0 }, /tolerance/],
    [{ aspectRatio: -1 }, /aspectRatio/],
  ])('refuses options out of range: %p', (options, message) => {
    expect(() => compressMeasure(discreteMeasure([1]), { aspectRatio: 1, ...options })).toThrow(message);
  });
});

test.each([1e-200, 1e-120, 1e200])(
  'a quadrature of nodes of size %p is that of nodes of size 1, in their units',
  (size) => {
    const nodes = Float64Array.from({ length: 40 }, (_, k) => 1 + k / 7);
    const masses = new Float64Array(40).fill(1 / 40);
    const expected = gaussQuadrature(nodes, masses, 4);
    const actual = gaussQuadrature(
      nodes.map((node) => node * size),
      masses,
      4,
    );
    actual.nodes.forEach((node, k) => expect(Math.abs(node / size / expected.nodes[k]! - 1)).toBeLessThan(1e-13));
    actual.masses.forEach((mass, k) => expect(Math.abs(mass / expected.masses[k]! - 1)).toBeLessThan(1e-12));
  },
);
