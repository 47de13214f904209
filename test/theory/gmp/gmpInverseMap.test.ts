import { describe, expect, test } from '@jest/globals';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';

describe('derivative of the inverse map', () => {
  // Aspect ratios away from 1, so that a lost factor γ shows.
  for (const aspectRatio of [0.4, 3]) {
    const law = generalisedMarchenkoPastur(discreteMeasure([-1, 0.5, 2], [0.2, 0.3, 0.5]), aspectRatio);

    test(`by hand, γ = ${aspectRatio}: 1/m² − γ Σ w a²/(1 + γ a m)²`, () => {
      for (const m of [-0.3, 0.05, 1.7]) {
        const pole = (a: number): number => (a / (1 + aspectRatio * a * m)) ** 2;
        const expected = 1 / m ** 2 - aspectRatio * (0.2 * pole(-1) + 0.3 * pole(0.5) + 0.5 * pole(2));
        expect(Math.abs(law.inverseMapDerivative(m) / expected - 1)).toBeLessThan(1e-12);
      }
    });

    test(`vanishes at the edges of the support, γ = ${aspectRatio}`, () => {
      for (const edge of law.support.flat()) {
        const m = law.boundaryStieltjes(edge).re;
        // m(edge) keeps half its digits: the edge is a square root.
        expect(Math.abs(law.inverseMapDerivative(m)) * m * m).toBeLessThan(1e-6);
      }
    });
  }
});
