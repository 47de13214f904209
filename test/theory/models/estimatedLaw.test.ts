import { expect, test } from '@jest/globals';
import { bridgedLaw } from '../../../theory/gmp/index.js';
import { estimatedLaw } from '../../../theory/models/estimatedLaw.js';
import { exactMeasure } from '../../../theory/weights/estimatedMeasure.js';
import { hiddenWeightsGivenReadout } from '../../../theory/weights/index.js';

/** Entries of V, m×C, between −1 and 1: any will do. */
const readout = Float64Array.from({ length: 8 * 10 }, (_, k) => Math.sin(12.9898 * (k + 1)));
const estimate = (i: number, j: number) =>
  hiddenWeightsGivenReadout({ loss: 'ce', activation: 'relu', readout, classes: 10, width: 8, i, j });
const grid = (from: number, to: number) => Array.from({ length: 101 }, (_, k) => from + ((to - from) * k) / 100);

test.each([
  [0, 0],
  [0, 1],
])('points of block (%i, %i) are compressed to far less than their own error', (i, j) => {
  const points = estimate(i, j);
  expect(points.error).toBeGreaterThan(1e-4);
  const [whole, short] = [bridgedLaw(points.measure, 0.5), estimatedLaw(points, 0.5)];
  const x = grid(whole.support[0]![0], whole.support[0]![1]);
  const apart = Math.max(...x.map((at) => Math.abs(whole.cdf(at) - short.cdf(at))));
  // 10⁻⁴ of the points' error is what is asked for; the geometric estimate of the nodes leaves a few digits more.
  expect(apart).toBeLessThan(1e-4 * points.error);
  expect(short.diagnostics.nodes).toBeLessThan(whole.diagnostics.nodes);
});

test('a measure without error keeps its atoms', () => {
  // With far more dimensions than samples each weight a has a bulk of its own near γa, which `bridgedLaw` would join.
  const points = exactMeasure([1, 9], [0.5, 0.5]);
  expect(estimatedLaw(points, 50).support).toHaveLength(2);
  expect(bridgedLaw(points.measure, 50).support).toHaveLength(1);
});
