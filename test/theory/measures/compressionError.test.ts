import { expect, test } from '@jest/globals';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/index.js';
import { compressMeasure, discreteMeasure } from '../../../theory/measures/index.js';
import { contourHeight } from '../../../theory/measures/contourHeight.js';

test('the stated error of a coarse measure is that of its law, at aspect ratio 6', () => {
  const aspectRatio = 6;
  const weights = discreteMeasure(Array.from({ length: 120 }, (_, k) => Math.exp(-1.5 + k / 40)));
  const { measure, error } = compressMeasure(weights, { maximumNodes: 3, aspectRatio });
  const exact = generalisedMarchenkoPastur(weights, aspectRatio, { compression: 0 });
  const law = generalisedMarchenkoPastur(measure, aspectRatio, { compression: 0 });
  const atom = 1 - 1 / aspectRatio;
  let worst = 0;
  for (let k = 0; k < 50; k++) {
    const x = exact.quantile(atom + ((1 - atom) * (k + 0.5)) / 100);
    worst = Math.max(worst, Math.abs(law.cdf(x) - exact.cdf(x)));
  }
  // An estimate to first order on a sample of the curve; without its 1/γ it is six times too large.
  expect(worst).toBeGreaterThan(1e-9);
  expect(worst / error).toBeGreaterThan(0.3);
  expect(worst / error).toBeLessThan(3);
});

test('height of the curve: above one node its circle, above two by its equation', () => {
  const aspectRatio = 0.4;
  for (const re of [-0.5, 0, 1.2]) {
    const height = contourHeight(Float64Array.of(2), Float64Array.of(0.3), aspectRatio, re);
    expect(Math.abs(height / Math.sqrt(2 / aspectRatio - (re + 0.3) ** 2) - 1)).toBeLessThan(1e-12);
  }
  const [squares, offsets] = [Float64Array.of(0.7, 1.9), Float64Array.of(-1, 1.5)];
  for (const re of [-2, 0.1, 1]) {
    const height = contourHeight(squares, offsets, aspectRatio, re);
    const sum = squares.reduce((all, square, j) => all + square / ((re + offsets[j]!) ** 2 + height ** 2), 0);
    expect(Math.abs(sum / aspectRatio - 1)).toBeLessThan(1e-12);
  }
  expect(contourHeight(squares, offsets, aspectRatio, 40)).toBe(0);
});

test('height of the curve: the same from a guess far above it, far below it, near it or without one', () => {
  const [squares, offsets] = [Float64Array.of(0.7, 1e-3, 1.9), Float64Array.of(-1, 0.2, 1.5)];
  for (const aspectRatio of [0.1, 1, 8]) {
    for (let re = -4; re <= 4; re += 0.31) {
      const height = contourHeight(squares, offsets, aspectRatio, re);
      for (const guess of [1e-9, 0.9 * height, 1.01 * height, 3 * height, 1e4]) {
        const guessed = contourHeight(squares, offsets, aspectRatio, re, 1e-15, guess);
        // Two ways to a root of the same equation end within a few roundings of each other.
        expect(Math.abs(guessed - height)).toBeLessThanOrEqual(1e-13 * height);
      }
    }
  }
});
