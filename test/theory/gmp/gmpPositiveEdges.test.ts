import { expect, test } from '@jest/globals';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/index.js';
import { lowerEdge } from '../../../theory/gmp/positiveEdges.js';
import { discreteMeasure } from '../../../theory/measures/index.js';

test.each([0.01, 0.5, 0.9])('all weights 3, aspect ratio %d: the lower edge is 3 (1 − √γ)²', (aspectRatio) => {
  const expected = 3 * (1 - Math.sqrt(aspectRatio)) ** 2;
  expect(Math.abs(lowerEdge(discreteMeasure([3]), aspectRatio) / expected - 1)).toBeLessThan(1e-12);
});

test.each([0.01, 0.5, 0.9])('three weights, aspect ratio %d: the lower edge of their own law', (aspectRatio) => {
  const weights = discreteMeasure([0.2, 1, 5], [0.2, 0.5, 0.3]);
  const [[expected]] = generalisedMarchenkoPastur(weights, aspectRatio).support as [[number, number]];
  expect(Math.abs(lowerEdge(weights, aspectRatio) / expected - 1)).toBeLessThan(1e-12);
});
