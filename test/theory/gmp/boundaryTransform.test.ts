import { describe, expect, test } from '@jest/globals';
import { boundaryTransform, generalisedMarchenkoPastur } from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';
import { blockLaw } from '../../../theory/models/blockLaw.js';

const softmax = (block: 'diagonal' | 'off-diagonal') =>
  blockLaw({ model: 'linear', loss: 'ce', layer: 'output', block, classes: 10, aspectRatio: 0.5 }).weights!;

describe('the transform on the axis', () => {
  test.each([
    ['atoms', discreteMeasure([-1, 2], [0.3, 0.7])],
    ['softmax weights', softmax('diagonal')],
    ['negative ones', softmax('off-diagonal')],
  ])('%s: π times the density, and the limit from above', (_name, weights) => {
    const law = generalisedMarchenkoPastur(weights, 0.5);
    const transform = boundaryTransform(weights, 0.5);
    for (const p of [0.1, 0.4, 0.6, 0.9]) {
      const x = law.quantile(p);
      const { re, im } = transform(x);
      expect(im / Math.PI / law.density(x)).toBeCloseTo(1, 8);
      const height = 1e-5 * Math.abs(x);
      const above = law.stieltjes({ re: x, im: height });
      // Richardson: the error of one height is linear in it.
      const higher = law.stieltjes({ re: x, im: 2 * height });
      expect((2 * above.re - higher.re) / re).toBeCloseTo(1, 6);
    }
    const beyond = 1.2 * law.support.at(-1)![1] + 1;
    expect(transform(beyond).im).toBe(0);
    expect(transform(beyond).re / law.stieltjes({ re: beyond, im: 0 }).re).toBeCloseTo(1, 10);
  });
});
