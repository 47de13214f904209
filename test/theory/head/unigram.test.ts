import { describe, expect, test } from '@jest/globals';
import { unigramRatios, unigramRowRatio } from '../../../theory/head/unigram.js';

/** Σ‖H_ij‖² over all pairs, block by block, with H_ij = q_i(δ_ij − q_j): the features are the same factor everywhere. */
function blockByBlock(q: readonly number[]): { off: number[]; on: number[] } {
  const off = q.map((qi, i) => q.reduce((sum, qj, j) => (i === j ? sum : sum + (qi * qj) ** 2), 0));
  const on = q.map((qi, i) => (qi * q.reduce((sum, qj, j) => (i === j ? sum : sum + qj), 0)) ** 2);
  return { off, on };
}
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const skewed = [0.4, 0.3, 0.15, 0.1, 0.05];
const nearlyCertain = [1e-9, 1 - 3e-9, 2e-9];

describe('unigramRatios', () => {
  test.each([[skewed], [nearlyCertain], [[0.5, 0.5]]])('sums over all pairs of blocks, q = %j', (q) => {
    const { off, on } = blockByBlock(q);
    const { t, ratio, scaled, effectiveClasses } = unigramRatios(q);
    expect(Math.abs(t / (sum(off) / sum(on)) - 1)).toBeLessThan(1e-14);
    expect(ratio).toBeCloseTo(t / (q.length - 1), 15);
    expect(scaled / ratio).toBeCloseTo(q.length ** 2, 10);
    expect(effectiveClasses * sum(q.map((x) => x * x))).toBeCloseTo(1, 14);
  });

  test('all classes alike: t = 1/(C − 1), and C_eff = C', () => {
    const { t, effectiveClasses } = unigramRatios(new Float64Array(1000).fill(1e-3));
    expect(t * 999).toBeCloseTo(1, 13);
    expect(effectiveClasses).toBeCloseTo(1000, 10);
  });

  test('two classes have t = 1 however certain one of them is: their rows cancel', () => {
    expect(unigramRatios([1e-12, 1 - 1e-12]).t).toBe(1);
  });

  test('probabilities in single precision are taken', () => {
    const q = Float32Array.from({ length: 3000 }, (_, k) => 1 / (k + 1) / 8.584);
    const total = q.reduce((s, x) => s + x, 0);
    expect(unigramRatios(q.map((x) => x / total)).t).toBeGreaterThan(0);
  });

  test.each<[readonly number[], RegExp]>([
    [[1], /at least 2 classes, got 1/],
    [[0.5, 0.4], /sum to 1 within 0.000001, got 0.9; divide counts/],
    [[3, 7], /from 0 to 1, got 3 at 0/],
    [[1.5, -0.5], /from 0 to 1, got 1.5/],
    [[NaN, 1], /got NaN at 0/],
    [[0, 1, 0], /one class has all the mass/],
  ])('refuses %j', (q, message) => {
    expect(() => unigramRatios(q)).toThrow(message);
  });
});

describe('unigramRowRatio', () => {
  test.each([[skewed], [nearlyCertain]])('is a row of the sums, q = %j', (q) => {
    const { off, on } = blockByBlock(q);
    q.forEach((_, i) => {
      expect(Math.abs(unigramRowRatio(q, i) / (off[i]! / on[i]!) - 1)).toBeLessThan(1e-14);
      const known = sum(q.map((x) => x * x));
      expect(unigramRowRatio(q, i, known)).toBeCloseTo(unigramRowRatio(q, i), 14);
    });
  });

  test('is near 1/C_eff for a rare class', () => {
    const q = Float64Array.from({ length: 1001 }, (_, k) => (k < 1000 ? 1e-3 : 1e-9));
    q[0]! -= 1e-9;
    expect(unigramRowRatio(q, 1000) * unigramRatios(q).effectiveClasses).toBeCloseTo(1, 7);
  });

  test('refuses an index out of range, and a class with all the mass', () => {
    expect(() => unigramRowRatio([0.5, 0.5], 2)).toThrow(/i must be a whole number from 0 to 1, got 2/);
    expect(() => unigramRowRatio([0, 1], 1)).toThrow(/class 1 has all the mass/);
  });
});
