import { describe, expect, test } from '@jest/globals';
import { generalisedMarchenkoPastur, type GmpLaw } from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';
import { countShift, strengthOfSpike } from '../../../theory/outliers/index.js';
import { spikeShift } from '../../../theory/whiteBulk/index.js';

const lawOf = (nodes: number[], masses: number[], ratio: number): GmpLaw =>
  generalisedMarchenkoPastur(discreteMeasure(nodes, masses), ratio);

describe('a direction of another variance', () => {
  test('equal weights: Baik and Silverstein, x = ℓ (1 + γ/(ℓ − 1))', () => {
    const law = lawOf([1], [1], 0.5);
    for (const strength of [0.05, 2.5, 4, 30]) {
      const x = strength * (1 + 0.5 / (strength - 1));
      expect(strengthOfSpike(x, law.stieltjes({ re: x, im: 0 }).re)).toBeCloseTo(strength, 10);
    }
  });
  test('any weights: x = ℓ E[a/(1 + γ a G)], the equation of the law with G = G(x)', () => {
    const law = lawOf([1, 3], [0.6, 0.4], 0.5);
    for (const x of [0.02, 9, 40]) {
      const transform = law.stieltjes({ re: x, im: 0 }).re;
      const mean = 0.6 / (1 + 0.5 * transform) + (0.4 * 3) / (1 + 1.5 * transform);
      expect(strengthOfSpike(x, transform) * mean).toBeCloseTo(x, 10);
    }
  });
  test.each([0.3, 3, 50])(
    'ℓ = %p: one eigenvalue leaves, above or below, and the count shifts in between',
    (strength) => {
      const law = lawOf([1, 3], [0.6, 0.4], 0.5);
      const [[bottom, top]] = law.support as [[number, number]];
      const at = (x: number) => countShift(x, law.boundaryStieltjes(x), strength);
      const points = Array.from({ length: 99 }, (_, k) => bottom + ((k + 1) / 100) * (top - bottom)).map(at);
      const [from, to] = strength > 1 ? [0, -1] : [1, 0];
      for (const value of points) {
        expect(value).toBeGreaterThan(Math.min(from, to));
        expect(value).toBeLessThan(Math.max(from, to));
      }
      // A root beyond the threshold, on either side: 1e-6 of the support from an edge 1e-3 of a count is left.
      const near = 1e-6 * (top - bottom);
      if (strength !== 0.3) expect(at(top - near)).toBeCloseTo(-1, 1.5);
      if (strength !== 0.3) expect(at(bottom + near)).toBeCloseTo(0, 1.5);
      expect(countShift(4, law.boundaryStieltjes(4), 1)).toBeCloseTo(0, 12);
    },
  );
  test('equal weights: differences of shifts are those of the white bulk', () => {
    const law = lawOf([1], [1], 0.4);
    for (const x of [0.3, 1, 2]) {
      const shift = (strength: number) => countShift(x, law.boundaryStieltjes(x), strength);
      expect(shift(3) - shift(8)).toBeCloseTo(spikeShift(x, 3, 0.4, false) - spikeShift(x, 8, 0.4, false), 10);
    }
  });
});
