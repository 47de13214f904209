import { expect, test } from '@jest/globals';
import { pooledMeasure, standardError } from '../../../theory/weights/estimatedMeasure.js';

test('standard error of a mean by hand: deviations of 2, 4, 4, 10 from 5 have squares 9, 1, 1, 25', () => {
  expect(standardError([2, 4, 4, 10])).toBeCloseTo(Math.sqrt(36 / (4 * 3)), 15);
});

test('pooled shifts: masses, atom and errors of the moments by hand', () => {
  // Means 2 and 3, mean squares 5 and 9; a quarter of the mass is live.
  const { measure, momentErrors } = pooledMeasure([Float64Array.of(1, 3), Float64Array.of(3, 3)], 0.25);
  expect(Array.from(measure.nodes)).toEqual([0, 1, 3]);
  expect(Array.from(measure.masses)).toEqual([0.75, 0.0625, 0.1875]);
  const meanSquare = 0.25 * 7;
  expect(momentErrors[0]).toBeCloseTo((0.25 * 0.5) / Math.sqrt(meanSquare), 14);
  expect(momentErrors[1]).toBeCloseTo((0.25 * 2) / meanSquare, 14);
});
