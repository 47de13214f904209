import { describe, expect, test } from '@jest/globals';
import {
  classPairMoments,
  pairIntegrals,
  refinementFor,
  type ClassPair,
} from '../../../theory/head/classPairMoments.js';
import { softmaxMoment } from '../../../theory/weights/softmaxMoment.js';

/** Trapezoidal rule in a standard normal, spectrally accurate for what is analytic. */
const rule = (step: number) =>
  Array.from({ length: 2 * Math.ceil(8 / step) + 1 }, (_, k) => (k - Math.ceil(8 / step)) * step).map((x) => ({
    x,
    mass: (step * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI),
  }));

const relative = (log: number, expected: number) => Math.abs(Math.exp(log) / expected - 1);

describe('classPairMoments', () => {
  test.each([
    [2, 0.3, 0.3],
    [10, 1, 1],
    [1000, 1, 4],
    [1e6, 4, 4],
  ])('with nothing in common the inputs separate: C = %d, variances %d and %d', (classes, own, other) => {
    const single = (logitVariance: number) =>
      softmaxMoment({ classes, logitVariance, exponents: [1, 1], scaling: 'rate' });
    const { logBoth, logOne } = classPairMoments({ classes, own, other, shared: 0 });
    expect(relative(logBoth, single(own) * single(other))).toBeLessThan(1e-10);
    if (classes > 2) expect(relative(logOne, single(own) * single(other))).toBeLessThan(1e-10);
  });

  test.each([
    [2, 0.3],
    [10, 1],
    [1000, 4],
    [1e7, 4],
  ])('an input with itself has the moments of one softmax: C = %d, variance %d', (classes, variance) => {
    const { logBoth, logOne } = classPairMoments({ classes, own: variance, other: variance, shared: variance });
    const single = (...exponents: number[]) =>
      softmaxMoment({ classes, logitVariance: variance, exponents, scaling: 'rate' });
    expect(relative(logBoth, single(2, 2))).toBeLessThan(1e-10);
    if (classes > 2) expect(relative(logOne, single(2, 1, 1))).toBeLessThan(1e-10);
  });

  test.each([
    [1, 1, 0.4],
    [0.5, 2, -0.7],
    [3, 3, 1.5],
  ])('two classes are logistic functions of two normal differences: %d, %d, %d', (own, other, shared) => {
    // p₁p₂ = 1/(4 cosh²(δ/2)), δ ~ N(0, 2·own), correlated with δ′ like the logits.
    const bump = (x: number) => 0.25 / Math.cosh(x / 2) ** 2;
    const rho = shared / Math.sqrt(own * other);
    let expected = 0;
    for (const { x, mass } of rule(0.1))
      for (const { x: y, mass: other_ } of rule(0.1))
        expected +=
          mass *
          other_ *
          bump(Math.sqrt(2 * own) * x) *
          bump(Math.sqrt(2 * other) * (rho * x + Math.sqrt(1 - rho * rho) * y));
    const { logBoth, logOne } = classPairMoments({ classes: 2, own, other, shared });
    expect(relative(logBoth, 16 * expected)).toBeLessThan(1e-10);
    expect(logOne).toBe(-Infinity);
  });

  test.each([
    [0.6, 0.4, 0.3],
    [0.5, 0.5, -0.35],
  ])('three classes by a product rule in four normal differences: %d, %d, %d', (own, other, shared) => {
    const nodes = rule(0.8);
    const rho = shared / Math.sqrt(own * other);
    const rest = Math.sqrt(1 - rho * rho);
    // (z₁ − z₃, z₂ − z₃) = √v·(√2 x, (x + √3 y)/√2).
    const softmaxOf = (variance: number, x: number, y: number) => {
      const first = Math.exp(Math.sqrt(2 * variance) * x);
      const second = Math.exp(Math.sqrt(variance / 2) * (x + Math.sqrt(3) * y));
      const total = first + second + 1;
      return [first / total, second / total, 1 / total] as const;
    };
    let [both, one] = [0, 0];
    for (const a of nodes)
      for (const b of nodes) {
        const [p1, p2] = softmaxOf(own, a.x, b.x);
        for (const c of nodes)
          for (const d of nodes) {
            const mass = a.mass * b.mass * c.mass * d.mass;
            if (mass < 1e-13) continue;
            const [q1, q2, q3] = softmaxOf(other, rho * a.x + rest * c.x, rho * b.x + rest * d.x);
            both += mass * p1 * p2 * q1 * q2;
            one += mass * p1 * p2 * q1 * q3;
          }
      }
    const { logBoth, logOne } = classPairMoments({ classes: 3, own, other, shared });
    expect(relative(logBoth, 81 * both)).toBeLessThan(2e-7);
    expect(relative(logOne, 81 * one)).toBeLessThan(2e-7);
  });

  test('many classes: e^{2τg} and e^{τg}, with a gap that falls like 1/C', () => {
    const gap = (classes: number) => {
      const { logBoth, logOne } = classPairMoments({ classes, own: 1.2, other: 0.7, shared: 0.5 });
      return [logBoth - 1, logOne - 0.5];
    };
    const [far, near] = [gap(1e4), gap(1e5)];
    for (const k of [0, 1]) {
      expect(Math.abs(near[k]!)).toBeLessThan(3e-4);
      expect(far[k]! / near[k]!).toBeCloseTo(10, 0);
    }
  });

  test.each([1e-8, 5e-8, 5e-6])('steps for an error of %d leave no more, and twice as long do', (accuracy) => {
    const pairs: ClassPair[] = [
      { classes: 1643683, own: 0.0133, other: 0.0133, shared: 0.0132 },
      { classes: 1026939, own: 6.89, other: 6.89, shared: 6.45 },
      { classes: 10, own: 1, other: 4, shared: -1 },
    ];
    const errorsAt = (refinement: number) =>
      pairs.map((pair) => {
        const [coarse, fine] = [classPairMoments(pair, refinement), classPairMoments(pair, 1.2)];
        return Math.max(Math.abs(coarse.logBoth - fine.logBoth), Math.abs(coarse.logOne - fine.logOne));
      });
    const refinement = refinementFor(accuracy);
    for (const error of errorsAt(refinement)) expect(error).toBeLessThan(accuracy);
    expect(Math.max(...errorsAt(refinement / 2))).toBeGreaterThan(accuracy);
  });

  test.each<ClassPair>([
    { classes: 10, own: 1, other: 1, shared: 0.5 },
    { classes: 1000, own: 16, other: 9, shared: 6 },
    { classes: 1e7, own: 40, other: 40, shared: -12 },
    { classes: 1e5, own: 0.01, other: 4, shared: 0.02 },
    { classes: 3, own: 9, other: 9, shared: 8.99 },
  ])('steps half as long change nothing in nine digits: %j', (pair) => {
    const [coarse, fine] = [classPairMoments(pair), classPairMoments(pair, 2)];
    expect(Math.abs(coarse.logBoth - fine.logBoth)).toBeLessThan(1e-9);
    expect(Math.abs(coarse.logOne - fine.logOne)).toBeLessThan(1e-9);
  });

  test.each<[Partial<ClassPair>, RegExp]>([
    [{ classes: 1 }, /classes must be a whole number of at least 2/],
    [{ classes: Infinity }, /classes must be at most 1e7, got Infinity/],
    [{ own: 0 }, /own must be a variance in \(0, 64\], got 0/],
    [{ other: 65 }, /other must be a variance in \(0, 64\], got 65/],
    [{ shared: 1.1 }, /shared must be at most √\(own·other\) in size, got 1.1/],
  ])('refuses %j', (change, message) => {
    expect(() => classPairMoments({ classes: 10, own: 1, other: 1, shared: 0, ...change })).toThrow(message);
  });

  test.each([
    [4, 1],
    [1000, 3],
  ])('four different classes, of inputs with nothing or all in common: C = %d, variance %d', (classes, variance) => {
    const none = (shared: number) => pairIntegrals({ classes, own: variance, other: variance, shared }).none();
    const single = (...exponents: number[]) =>
      softmaxMoment({ classes, logitVariance: variance, exponents, scaling: 'rate' }) / classes ** exponents.length;
    expect(relative(none(0), single(1, 1) ** 2)).toBeLessThan(1e-9);
    expect(relative(none(variance), single(1, 1, 1, 1))).toBeLessThan(1e-9);
  });
});
