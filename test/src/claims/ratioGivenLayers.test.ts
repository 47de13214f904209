/** The ratio of squared norms given the layers: its prediction, its value, and what each owes to the draws. */
import { describe, expect, test } from '@jest/globals';
import { ratioInterval, ratioOfMeans } from '../../../simulations/comparisons/index.js';
import { ratioGivenLayers } from '../../../src/claims/evidence/ratioGivenLayers.js';

const draws = (numeratorFactor: number, denominatorFactor: number) =>
  [1, 3, 100].map((size, k) => {
    const expected = { numerator: size, denominator: 2 * Math.sqrt(size) };
    return {
      expected,
      drawn: {
        numerator: numeratorFactor * expected.numerator * [0.9, 1, 1.1][k]!,
        denominator: denominatorFactor * expected.denominator,
      },
    };
  });

describe('ratioGivenLayers', () => {
  test('predicts the quotient of the summed expectations, and measures it where they are right', () => {
    const { predicted, numerators, denominators } = ratioGivenLayers(draws(1, 1));
    // (1 + 3 + 100)/(2 (1 + √3 + 10)).
    expect(predicted).toBeCloseTo(104 / (2 * (11 + Math.sqrt(3))), 12);
    expect(ratioOfMeans(numerators, denominators).ratio).toBeCloseTo(predicted, 12);
  });

  test('a constant factor between norms and their expectations stands in the measured ratio', () => {
    const { predicted, ...pairs } = ratioGivenLayers(draws(1.2, 0.8));
    expect(ratioInterval(pairs).ratio).toBeCloseTo(1.5 * predicted, 12);
  });

  test('the draw with the largest expectation counts like the others', () => {
    // Relative norms 0.9, 1, 1.1 over 1, 1, 1: standard error of the ratio 0.1/√3, whatever the sizes.
    const { predicted, ...pairs } = ratioGivenLayers(draws(1, 1));
    expect(ratioInterval(pairs).standardError / predicted).toBeCloseTo(0.1 / Math.sqrt(3), 12);
  });
});
