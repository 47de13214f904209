import { describe, expect, test } from '@jest/globals';
import { forEachLatticePoint, forEachNormalPoint } from '../../../theory/numerics/latticePoints.js';
import { normalCumulative } from '../../../theory/numerics/normalDistribution.js';

function collect(dimension: number, points: number, shift: number, keep = dimension) {
  const uniforms: number[] = [];
  const normals: number[] = [];
  forEachLatticePoint({ dimension, points, shift }, (uniform, normal) => {
    uniforms.push(...uniform.subarray(0, keep));
    normals.push(...normal.subarray(0, keep));
  });
  return { uniforms, normals };
}

describe('lattice points', () => {
  test('a lattice that is kept and one too large to keep have the same coordinates', () => {
    const first = collect(3, 4096, 2);
    expect(collect(3, 4096, 2)).toEqual(first);
    // The shifts are one sequence, so that the first coordinates do not depend on how many there are: 129 · 4096
    // numbers are not kept.
    expect(collect(129, 4096, 2, 3)).toEqual(first);
    expect(collect(3, 4096, 4)).not.toEqual(first);
  });

  test('normals are the quantiles of the uniforms', () => {
    const { uniforms, normals } = collect(5, 1024, 0);
    // Φ is tested against mpmath elsewhere; twice its 1e-15.
    uniforms.forEach((uniform, k) => expect(Math.abs(normalCumulative(normals[k]!) - uniform)).toBeLessThan(2e-15));
    const again: number[] = [];
    forEachNormalPoint({ dimension: 5, points: 1024, shift: 0 }, (point) => again.push(...point));
    expect(again).toEqual(normals);
  });

  test('a smooth function is integrated faster than by independent points', () => {
    // E Π cos(z_j) = e^{-3/2} over three normals, closed form; independent points would err by √(Var/4096) ≈ 5e-3.
    let sum = 0;
    forEachNormalPoint(
      { dimension: 3, points: 4096, shift: 1 },
      (z) => (sum += Math.cos(z[0]!) * Math.cos(z[1]!) * Math.cos(z[2]!)),
    );
    expect(Math.abs(sum / 4096 - Math.exp(-1.5))).toBeLessThan(1e-4);
  });

  test('more than 256 dimensions are refused', () => {
    expect(() => collect(257, 1024, 0)).toThrow('dimension must be at most 256');
  });
});
