import { describe, expect, test } from '@jest/globals';
import { unitMomentsOfPair } from '../../../theory/deep/gateMoments.js';
import { widthAverage } from '../../../theory/deep/widthAverage.js';

/** E f(u₊, u′₊, …) of a bivariate normal: u = r cos φ, u′ = r cos(φ − θ); both integrals by midpoints. */
function average(cosine: number, f: (u: number, v: number) => number): number {
  const theta = Math.acos(cosine);
  const [angles, radii] = [2000, 200];
  let sum = 0;
  for (let a = 0; a < angles; a++) {
    const phi = (2 * Math.PI * (a + 0.5)) / angles;
    for (let k = 0; k < radii; k++) {
      const r = (9 * (k + 0.5)) / radii;
      sum += f(r * Math.cos(phi), r * Math.cos(phi - theta)) * r * Math.exp(-0.5 * r * r);
    }
  }
  return (sum * 9) / radii / angles;
}

test.each([0, 0.31831, 0.7, -0.4, 1])('moments of one unit at correlation %d by quadrature in the plane', (cosine) => {
  const positive = (x: number) => Math.max(0, x);
  const open = (x: number) => (x > 0 ? 1 : 0);
  const entries: ((u: number, v: number) => number)[] = [
    (u) => 2 * positive(u) ** 2,
    (_, v) => 2 * positive(v) ** 2,
    (u, v) => 2 * positive(u) * positive(v),
    (u) => open(u),
    (_, v) => open(v),
    (u, v) => open(u) * open(v),
  ];
  const { means, covariance } = unitMomentsOfPair(cosine);
  entries.forEach((f, i) => {
    const mean = average(cosine, f);
    expect(Math.abs(means[i]! - mean)).toBeLessThan(1e-3);
    entries.slice(0, i + 1).forEach((g, j) => {
      const expected = average(cosine, (u, v) => f(u, v) * g(u, v)) - means[i]! * means[j]!;
      expect(Math.abs(covariance[i]![j]! - expected)).toBeLessThan(3e-3);
      expect(covariance[j]![i]).toBe(covariance[i]![j]);
    });
  });
});

describe('averages over layers that fluctuate', () => {
  const options = { widths: [400, 900], cosine: 1, dimension: 600, cosineVariance: 2 };

  test('E|h_k|⁴ = (1 + 5/n)E|h_{k−1}|⁴ for an input with itself, (1 + 2/d) at the input', () => {
    const [fourth] = widthAverage((states) => [states[2]!.own ** 2], options);
    const exact = (1 + 2 / 600) * (1 + 5 / 400) * (1 + 5 / 900);
    expect(fourth).toBeCloseTo(exact, 12);
    // Wrong: what the layers deviate by added, where their factors are independent.
    expect(Math.abs(fourth! - (1 + 2 / 600 + 5 / 400 + 5 / 900))).toBeGreaterThan(1e-4);
  });

  test('open gates are a binomial number, exactly', () => {
    const [square] = widthAverage((states) => [states[1]!.openBoth ** 2], { ...options, cosine: 0, cosineVariance: 0 });
    expect(square).toBeCloseTo(1 / 16 + 3 / 16 / 400, 12);
  });

  test('nothing fluctuates in infinite width', () => {
    const wide = { ...options, widths: [Infinity, Infinity], dimension: Infinity };
    expect(widthAverage((states) => [states[2]!.own ** 2], wide)).toEqual([1]);
  });
});
