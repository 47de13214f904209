import { describe, expect, test } from '@jest/globals';
import { tiltedFeatures } from '../../../theory/head/tiltedFeatures.js';

/** Trapezoidal rule in standard normals; the positive part has a kink at 0, where half of the mass is a node's. */
const nodes = Array.from({ length: 2001 }, (_, k) => (k - 1000) * 0.008).map((x) => ({
  x,
  mass: (0.008 * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI),
}));

/** E f(h) over two coordinates each of h (and h′), D^{−2} times. */
function expectation(coordinate: (x: number, k: number) => number, t: number, kind: 'single' | 'pair'): number {
  // Moments over one coordinate of y^j e^{ty}, y = h_k² or h_k h′_k; (y₁ + y₂)² needs j = 0, 1, 2.
  const moments = [0, 1].map((k) => {
    const sums = [0, 0, 0];
    const add = (y: number, mass: number) => {
      for (let j = 0; j < 3; j++) sums[j]! += mass * y ** j * Math.exp(t * y);
    };
    for (const a of nodes) {
      const h = coordinate(a.x, k);
      if (kind === 'single') add(h * h, a.mass);
      else for (let i = 0; i < nodes.length; i += 25) add(h * coordinate(nodes[i]!.x, k), 25 * a.mass * nodes[i]!.mass);
    }
    return sums;
  });
  const [a, b] = moments as [number[], number[]];
  return (a[2]! * b[0]! + 2 * a[1]! * b[1]! + a[0]! * b[2]!) / 4;
}

// The rule ends at eight deviations, where the tilt has left e^{−20}.
describe('tiltedFeatures', () => {
  test.each([
    ['single', 0.12],
    ['pair', 0.3],
  ] as const)('normal features in two dimensions against an integral: %s', (kind, t) => {
    const eigenvalues = [1.5, 0.5];
    const expected = expectation((x, k) => Math.sqrt(eigenvalues[k]!) * x, t, kind);
    const law = { features: 'gaussian', dimension: 2, covariance: [3, 1], logitVariance: 1 } as const;
    expect(tiltedFeatures(law)[kind](t) / expected).toBeCloseTo(1, 6);
  });

  test.each([
    ['single', 0.12, 6],
    // A rule of step 0.2 across the kink.
    ['pair', 0.3, 2],
  ] as const)('their positive parts: %s', (kind, t, digits) => {
    const expected = expectation((x) => Math.max(x, 0), t, kind);
    const law = { features: 'relu', dimension: 2, logitVariance: 1 } as const;
    expect(tiltedFeatures(law)[kind](t) / expected).toBeCloseTo(1, digits);
  });

  test('diverge where a normal density is undone', () => {
    const { single, pair } = tiltedFeatures({ features: 'gaussian', dimension: 4, logitVariance: 1 });
    expect(single(0.499)).toBeLessThan(Infinity);
    expect(single(0.5)).toBe(Infinity);
    expect(pair(0.999)).toBeLessThan(Infinity);
    expect(pair(1)).toBe(Infinity);
    expect(tiltedFeatures({ features: 'relu', dimension: 4, logitVariance: 1 }).single(0.5)).toBe(Infinity);
  });
});
