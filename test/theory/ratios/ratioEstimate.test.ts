import { describe, expect, test } from '@jest/globals';
import { estimateRatio, type RatioTerm } from '../../../theory/ratios/ratioEstimate.js';
import { fixedNormals } from '../../../theory/numerics/fixedSequence.js';

const GROUPS = 16;

/**
 * numerator = 2 + noise + explained·(control − its mean), denominator = 1; further controls are heavy-tailed and say
 * nothing.
 */
function terms(seed: number, perGroup: number, explained: number): { terms: RatioTerm[]; means: number[] } {
  const normal = fixedNormals(seed);
  const lognormalMean = Math.exp(0.5);
  const drawn = Array.from({ length: GROUPS * perGroup }, (): RatioTerm => {
    const controls = Array.from({ length: 5 }, () => Math.exp(normal()));
    return { numerator: 2 + normal() + explained * (controls[0]! - lognormalMean), denominator: 1, controls };
  });
  return { terms: drawn, means: new Array<number>(5).fill(lognormalMean) };
}

describe('estimateRatio', () => {
  test('states its error also with few terms and controls that explain nothing: the mean of z² over 400 sets is that of a t with 15 degrees', () => {
    const squares = Array.from({ length: 400 }, (_, seed) => {
      const { terms: drawn, means } = terms(seed + 1, 2, 0);
      const { ratio, standardError } = estimateRatio(drawn, means, GROUPS);
      return ((ratio - 2) / standardError) ** 2;
    });
    const mean = squares.reduce((sum, value) => sum + value, 0) / squares.length;
    // 15/13 = 1.15 for a t of 15 degrees; its standard error over 400 sets is about 0.1. Coefficients fitted to the
    // same terms give above 1.8 here.
    expect(mean).toBeGreaterThan(0.8);
    expect(mean).toBeLessThan(1.5);
  });

  test('a control that explains the noise removes it; without it the error is larger', () => {
    const { terms: drawn, means } = terms(7, 64, 5);
    const controlled = estimateRatio(drawn, means, GROUPS);
    const plain = estimateRatio(drawn, [], GROUPS);
    // Noise 1 is left of √(1 + 25·Var e^z), Var e^z = 4.67: a factor of 10.8.
    expect(plain.standardError / controlled.standardError).toBeGreaterThan(5);
    expect(Math.abs(controlled.ratio - 2)).toBeLessThan(4.5 * controlled.standardError);
  });

  test('a repeated or a constant control changes nothing', () => {
    const { terms: drawn, means } = terms(11, 16, 1);
    const once = estimateRatio(drawn, means, GROUPS);
    const more = drawn.map((term) => ({ ...term, controls: [...term.controls, term.controls[0]!, 1] }));
    const repeated = estimateRatio(more, [...means, means[0]!, 1], GROUPS);
    expect(repeated.ratio).toBeCloseTo(once.ratio, 10);
    expect(repeated.standardError).toBeCloseTo(once.standardError, 10);
  });
});

test('without controls and with equal denominators the error is that of a mean', () => {
  const values = [1, 2, 6, 11];
  const { ratio, standardError } = estimateRatio(
    values.map((value) => ({ numerator: 3 * value, denominator: 3, controls: [] })),
    [],
  );
  expect(ratio).toBeCloseTo(5, 14);
  // Σ (x − 5)² = 62, over n(n − 1) = 12.
  expect(standardError).toBeCloseTo(Math.sqrt(62 / 12), 14);
});

test('without controls, in groups, the error is that of the mean of their means', () => {
  const terms = [1, 2, 6, 11].map((value) => ({ numerator: 3 * value, denominator: 3, controls: [] }));
  const { ratio, standardError } = estimateRatio(terms, [], 2);
  expect(ratio).toBeCloseTo(5, 14);
  // Means 1.5 and 8.5: Σ (x − 5)² = 24.5, over n(n − 1) = 2.
  expect(standardError).toBeCloseTo(3.5, 14);
});
