import { expect, test } from '@jest/globals';
import { preactivationPoints } from '../../../theory/network/preactivationPoints.js';

/** Two units of variances 1 and 4 at an angle: E[u_i u_j; both open] = |u_i||u_j| (sin θ + (π − θ) cos θ)/2π (Cho & Saul 2009). */
test.each([0.4, 1.3, 2.2])('points in the wedge of two open gates at angle %d', (angle) => {
  const [first, second] = [1, 2];
  const shared = first * second * Math.cos(angle);
  const { liveFraction, factor, forEachBatch } = preactivationPoints({
    caller: 'test',
    gram: [first ** 2, shared, shared, second ** 2],
    width: 2,
    ...{ i: 0, j: 1, bothPositive: true, extraUniforms: 0 },
  });
  const points = 4096;
  let sum = 0;
  // Batches that do not divide the points: the last one is shorter.
  const length = 100;
  let next = 0;
  const stride = 103;
  const z = new Float64Array(2 * stride);
  forEachBatch(points, 0, { points: z, length, stride }, ({ first, count }) => {
    expect(first).toBe(next);
    next += count;
    for (let n = 0; n < count; n += 1) {
      const [u, v] = [0, 1].map((unit) => factor[2 * unit]! * z[n]! + factor[2 * unit + 1]! * z[stride + n]!) as [
        number,
        number,
      ];
      expect(Math.min(u, v)).toBeGreaterThanOrEqual(0);
      sum += (u * v) / points;
    }
  });
  expect(next).toBe(points);
  const expected = (first * second * (Math.sin(angle) + (Math.PI - angle) * Math.cos(angle))) / (2 * Math.PI);
  // The lattice is good to a few thousandths here; the sequence is fixed.
  expect(Math.abs((liveFraction * sum) / expected - 1)).toBeLessThan(5e-3);
});
