import { describe, expect, test } from '@jest/globals';
import { forEachIntegrationPoint, forEachStratifiedPoint } from '../../../theory/numerics/integrationPoints.js';

test('stratified points: in each coordinate one in each of as many parts, in orders of their own', () => {
  const [uniforms, points] = [3, 20];
  const parts: number[][] = [[], [], []];
  forEachStratifiedPoint({ uniforms, points, shift: 1 }, (point) =>
    point.forEach((u, k) => parts[k]!.push(Math.floor(points * u))),
  );
  const inTurn = Array.from({ length: points }, (_, k) => k);
  for (const column of parts) expect(column.toSorted((a, b) => a - b)).toEqual(inTurn);
  expect(new Set(parts.map((column) => column.join())).size).toBe(uniforms);
});

describe('uniform and normal coordinates have their moments', () => {
  test.each([
    ['few points: a fixed sequence', 3, 2, 1000],
    ['a lattice', 3, 2, 1024],
    ['more coordinates than the lattice has', 255, 2, 1024],
  ])('%s', (_name, uniforms, normals, points) => {
    const sums = { uniform: 0, normal: 0, square: 0 };
    forEachIntegrationPoint({ uniforms, normals, points, shift: 0 }, (uniform, normal) => {
      // The last of each: of many coordinates, the normal beyond the lattice.
      const [u, z] = [uniform[uniforms - 1]!, normal[normals - 1]!];
      sums.uniform += u / points;
      sums.normal += z / points;
      sums.square += (z * z) / points;
    });
    // Five standard errors of independent points, standard deviations √(1/12), 1 and √2; the sequence is fixed.
    expect(Math.abs(sums.uniform - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / points));
    expect(Math.abs(sums.normal)).toBeLessThan(5 / Math.sqrt(points));
    expect(Math.abs(sums.square - 1)).toBeLessThan(5 * Math.sqrt(2 / points));
  });
});
