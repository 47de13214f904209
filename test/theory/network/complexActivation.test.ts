import { describe, expect, test } from '@jest/globals';
import type { Complex } from '../../../theory/contracts.js';
import { activationFunctions, complexActivation } from '../../../theory/network/activationFunctions.js';
import { smoothActivations } from '../../helpers/smoothActivations.js';

const points: Complex[] = [-6, -1.3, 0, 0.4, 2, 5].flatMap((re) => [-1, -0.3, 0.6, 1].map((im) => ({ re, im })));

/** f′ by a fourth-order difference along the direction of `step`, which an analytic function does not depend on. */
function slopeAlong(f: (u: Complex) => Complex, at: Complex, step: Complex): Complex {
  const value = (k: number): Complex => f({ re: at.re + k * step.re, im: at.im + k * step.im });
  const [a, b, c, d] = [value(-2), value(-1), value(1), value(2)];
  const [re, im] = [(a.re - 8 * b.re + 8 * c.re - d.re) / 12, (a.im - 8 * b.im + 8 * c.im - d.im) / 12];
  const size = step.re ** 2 + step.im ** 2;
  return { re: (re * step.re + im * step.im) / size, im: (im * step.re - re * step.im) / size };
}

describe.each(smoothActivations)('%s off the axis', (name) => {
  const { value, first, second } = complexActivation(name);

  test('is the function itself on it', () => {
    const real = activationFunctions(name);
    for (const re of [-6, -1.3, 0, 0.4, 2, 5]) {
      for (const [continued, own] of [
        [value, real.value],
        [first, real.first],
        [second, real.second],
      ] as const) {
        expect(Math.abs(continued({ re, im: 0 }).re - own(re))).toBeLessThan(1e-14);
        expect(Math.abs(continued({ re, im: 0 }).im)).toBeLessThan(1e-15);
      }
    }
  });

  // Equal on the axis and analytic, it is the continuation.
  test('is analytic, and each derivative that of the one before', () => {
    for (const at of points) {
      for (const [f, derivative] of [
        [value, first],
        [first, second],
      ] as const) {
        for (const step of [
          { re: 1e-3, im: 0 },
          { re: 0, im: 1e-3 },
        ]) {
          const slope = slopeAlong(f, at, step);
          const expected = derivative(at);
          // The difference errs by h⁴/30 times a fifth derivative, up to 1e4 where the poles of tanh are 0.6 away.
          expect(Math.hypot(slope.re - expected.re, slope.im - expected.im)).toBeLessThan(1e-8);
        }
      }
    }
  });
});
