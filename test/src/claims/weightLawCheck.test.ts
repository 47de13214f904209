import { expect, test } from '@jest/globals';
import { weightLawFailures } from '../../../src/claims/evidence/weightLawCheck.js';

// Moments by an integral over t against those of the law's own nodes: two routes of theory/weights.
test.each([
  [4, 1],
  [10, 1 / 3],
  [256, 1],
  [1000, 2],
])('C = %i, s² = %f: the law of the weights has its exact moments', (classes, variance) => {
  expect(weightLawFailures(classes, variance, 'linear-ce')).toEqual([]);
});
