import { describe, expect, test } from '@jest/globals';
import type { ContourMeasure } from '../../../theory/gmp/contourMeasure.js';
import { UsageError } from '../../../theory/errors.js';
import { generalisedMarchenkoPastur, type SmoothWeights } from '../../../theory/gmp/index.js';
import { measureMoment } from '../../../theory/measures/index.js';
import { empiricalFisherWeights, normalResidualWeights, softmaxMoment } from '../../../theory/weights/index.js';

const blocks = ['diagonal', 'off-diagonal'] as const;
type Block = (typeof blocks)[number];

const binomial = (n: number, k: number): number => (k === 0 ? 1 : (binomial(n - 1, k - 1) * n) / k);

/** E a^k from mixed moments of the softmax, which come from one integral and no density: (1 − p)^n is multiplied out. */
function softmaxMoments(classes: number, logitVariance: number, block: Block, k: number): number {
  const p = (...exponents: number[]): number =>
    exponents.every((exponent) => exponent === 0) ? 1 : softmaxMoment({ classes, logitVariance, exponents });
  const missed = (n: number, other: number): number =>
    Array.from({ length: n + 1 }, (_, j) => (-1) ** j * binomial(n, j) * p(j, other)).reduce((sum, term) => sum + term);
  return block === 'diagonal'
    ? missed(2 * k, 0) / classes + (1 - 1 / classes) * p(2 * k)
    : ((-1) ** k * 2 * missed(k, k)) / classes + (1 - 2 / classes) * (classes === 2 ? 0 : p(k, k));
}

/** E f^k (f − 1)^l of f = s z, by hand: the moments of a normal variable. */
function normalMoments(classes: number, s2: number, block: Block, k: 1 | 2): number {
  const labelled = 1 / classes;
  const free = [s2, 3 * s2 ** 2][k - 1]!;
  const own = [s2 + 1, 3 * s2 ** 2 + 6 * s2 + 1][k - 1]!;
  if (block === 'diagonal') return labelled * own + (1 - labelled) * free;
  return k === 1 ? 0 : 2 * labelled * s2 * (s2 + 1) + (1 - 2 * labelled) * s2 ** 2;
}

/** Σ mass · node^k on the path, which is real. */
function pathMoment({ sign, path }: SmoothWeights, k: number): number {
  const { nodesRe, nodesIm, massesRe, massesIm }: ContourMeasure = path();
  let sum = 0;
  for (let n = 0; n < nodesRe.length; n++) {
    const size = Math.hypot(nodesRe[n]!, nodesIm[n]!) ** k;
    const angle = k * Math.atan2(nodesIm[n]!, nodesRe[n]!);
    sum += size * (massesRe[n]! * Math.cos(angle) - massesIm[n]! * Math.sin(angle));
  }
  return sign ** k * sum;
}

const belowAxis = ({ path }: SmoothWeights): boolean => path().nodesIm.every((im) => im <= 0);

describe('empiricalFisherWeights', () => {
  const settings = [
    [2, 0.25],
    [2, 4],
    [3, 1],
    [3, 4],
    [10, 0.25],
    [10, 1],
    [1000, 1],
  ].flatMap(([classes, logitVariance]) =>
    blocks.map((block) => ({ classes: classes!, logitVariance: logitVariance!, block })),
  );
  // Where thousands of classes leave weights far below the largest, their moments drown in its rounding: relative to 1/C^k.
  test.each(settings)('C = $classes, s² = $logitVariance, $block: moments of the softmax', (setting) => {
    const { classes, logitVariance, block } = setting;
    const weights = empiricalFisherWeights(setting);
    for (const k of [1, 2, 4]) {
      const exact = softmaxMoments(classes, logitVariance, block, k);
      const scale = Math.max(Math.abs(exact), classes ** -k);
      expect(Math.abs(measureMoment(weights.quadrature, k) - exact)).toBeLessThan(1e-10 * scale);
      // Rounding of masses at weights of order one.
      expect(Math.abs(pathMoment(weights, k) - exact)).toBeLessThan(1e-8 * scale + 1e-16);
    }
    expect(belowAxis(weights)).toBe(true);
  });

  test('neither labels nor residuals can be left out: p², and 1 − p in place of its square, miss the moments', () => {
    const exact = softmaxMoments(10, 1, 'diagonal', 1);
    expect(softmaxMoment({ classes: 10, logitVariance: 1, exponents: [2] }) / exact).toBeLessThan(0.25);
    const hessian = 0.1 - softmaxMoment({ classes: 10, logitVariance: 1, exponents: [2] });
    expect(Math.abs(hessian / exact - 1)).toBeGreaterThan(0.15);
  });

  test.each([
    [{ classes: Infinity, logitVariance: 1, block: 'diagonal' as const }, /classes must be finite/],
    [{ classes: 1, logitVariance: 1, block: 'diagonal' as const }, /classes must be a whole number/],
    [{ classes: 3, logitVariance: 5, block: 'diagonal' as const }, /logitVariance must lie in/],
    [{ classes: 3, logitVariance: 1, block: 'cross' as 'diagonal' }, /block must be one of/],
  ])('refuses %j', (options, message) => {
    expect(() => empiricalFisherWeights(options)).toThrow(UsageError);
    expect(() => empiricalFisherWeights(options)).toThrow(message);
  });
});

describe('normalResidualWeights', () => {
  const settings = [
    [2, 1],
    [10, 0.1],
    [Infinity, 4],
  ].flatMap(([classes, outputVariance]) =>
    blocks.map((block) => ({ classes: classes!, outputVariance: outputVariance!, block })),
  );
  test.each(settings)('C = $classes, s² = $outputVariance, $block: moments of a normal variable', (setting) => {
    const { classes, outputVariance, block } = setting;
    const weights = normalResidualWeights(setting);
    for (const k of [1, 2] as const) {
      const exact = normalMoments(classes, outputVariance, block, k);
      const scale = normalMoments(classes, outputVariance, 'diagonal', k);
      expect(Math.abs(measureMoment(weights.quadrature, k) - exact)).toBeLessThan(1e-10 * scale);
      expect(Math.abs(pathMoment(weights, k) - exact)).toBeLessThan(1e-9 * scale);
    }
    expect(belowAxis(weights)).toBe(true);
  });

  test('refuses an output that does not vary', () => {
    const still = { classes: 3, outputVariance: 0, block: 'diagonal' } as const;
    expect(() => normalResidualWeights(still)).toThrow(/outputVariance must be a finite number above 0/);
  });
});

// Weights of both signs whose law fades out before the largest of them: each side is followed from the mean size of its weights, and one begun at
// 0 is lost. The same law from real nodes shares no curve with it.
test.each([
  ['cross-entropy', empiricalFisherWeights({ classes: 10, logitVariance: 1, block: 'off-diagonal' })],
  ['squared error', normalResidualWeights({ classes: 2, outputVariance: 1, block: 'off-diagonal' })],
])('%s: the law off the diagonal, followed on its path, is that of real nodes', (_, weights) => {
  const followed = generalisedMarchenkoPastur(weights, 0.5);
  const largestGap = (aspectRatio: number): number => {
    const nodes = generalisedMarchenkoPastur(weights.quadrature, aspectRatio);
    const gaps = [0.1, 0.3, 0.5, 0.7, 0.9].map((p) => Math.abs(nodes.cdf(followed.quantile(p)) - p));
    return Math.max(...gaps);
  };
  expect(largestGap(0.5)).toBeLessThan(1e-6);
  expect(largestGap(0.501)).toBeGreaterThan(3e-5);
});
