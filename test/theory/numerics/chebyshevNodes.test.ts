import { expect, test } from '@jest/globals';
import { chebyshevNodes } from '../../../theory/numerics/chebyshevNodes.js';

function interpolated(f: (x: number) => number, degree: number, x: number): number {
  const { points, weights } = chebyshevNodes(degree, -1, 3);
  const w = new Float64Array(points.length);
  weights(x, w);
  return points.reduce((sum, point, k) => sum + w[k]! * f(point), 0);
}

test('polynomials up to the degree are met everywhere, the nodes among them', () => {
  const cubic = (x: number) => 2 - x + 0.5 * x ** 3;
  for (const x of [-1, -0.3, 1, 2.2, 3]) expect(interpolated(cubic, 3, x)).toBeCloseTo(cubic(x), 13);
  expect(Math.abs(interpolated(cubic, 2, 2.2) - cubic(2.2))).toBeGreaterThan(0.1);
});

test('what is analytic is met geometrically', () => {
  // Poles at 1 ± i, at ±i/2 in units of the half length: the error falls by ½ + √1.25 a degree.
  const lorentzian = (x: number) => 1 / (1 + (x - 1) ** 2);
  const error = (degree: number) => Math.abs(interpolated(lorentzian, degree, 0.31) - lorentzian(0.31));
  expect(error(60)).toBeLessThan(1e-11);
});

test('of degree 0, or on an interval of no length, a constant', () => {
  expect(interpolated(Math.exp, 0, 2)).toBe(Math.E);
  const { points, weights } = chebyshevNodes(8, 2, 2);
  const w = new Float64Array(1);
  weights(2, w);
  expect([[...points], [...w]]).toEqual([[2], [1]]);
});
