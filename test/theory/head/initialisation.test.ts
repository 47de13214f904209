import { describe, expect, test } from '@jest/globals';
import { initialisationLimit } from '../../../theory/head/initialisation.js';

describe('initialisationLimit', () => {
  test('one sample: e^{τ|h|²}, the limit of E p²/ (E p)² twice over', () => {
    const { all, population } = initialisationLimit([3], 1, 0.5);
    expect(all).toBeCloseTo(Math.exp(1.5), 13);
    expect(population).toBeNaN();
  });

  test('two samples by hand: weights g² e^{τg}', () => {
    // h = (1, 1) and (1, 0): Gram matrix 2, 1, 1, 1.
    const e = Math.E;
    const [four, two, one] = [e ** 1, e ** 0.5, e ** 0.25];
    const { all, population } = initialisationLimit([2, 1, 1, 1], 2, 0.25);
    expect(all).toBeCloseTo((4 * four + 3 * two) / (4 * two + 3 * one), 14);
    expect(population).toBeCloseTo(one, 14);
  });

  test('orthogonal features of one length: e^{τ|h|²}', () => {
    const gram = [0, 1, 2].flatMap((n) => [0, 1, 2].map((m) => (n === m ? 4 : 0)));
    expect(initialisationLimit(gram, 3, 0.1).all).toBeCloseTo(Math.exp(0.4), 14);
    expect(initialisationLimit(gram, 3, 0.1).population).toBeNaN();
  });

  test('large exponents: only the result may overflow', () => {
    // τg = 600: e^{1200} has no double, its ratio to e^{600} has.
    expect(initialisationLimit([600, 1, 1, 2], 2, 1).all / Math.exp(600)).toBeCloseTo(1, 12);
    expect(initialisationLimit([900, 1, 1, 2], 2, 1).all).toBe(Infinity);
    // A pair with no overlap must not set the scale of pairs with a strongly negative one.
    const opposite = [900, 0, -900, 0, 1, 0, -900, 0, 900];
    expect(initialisationLimit(opposite, 3, 0.5).population / Math.exp(-450)).toBeCloseTo(1, 12);
  });

  test.each<[number[], number, number, RegExp]>([
    [[1, 2], 2, 1, /gram must be samples×samples = 2×2, got 2 entries/],
    [[1], 1, 0, /variance must be a finite number above 0, got 0/],
    [[1, NaN, NaN, 1], 2, 1, /gram must be finite, got NaN in row 0/],
    [[0, 0, 0, 0], 2, 1, /gram has only zeros/],
    [[], 0, 1, /samples must be a whole number of at least 1, got 0/],
  ])('refuses %j', (gram, samples, variance, message) => {
    expect(() => initialisationLimit(gram, samples, variance)).toThrow(message);
  });
});
