import { describe, expect, test } from '@jest/globals';
import {
  continuousMarchenkoPastur,
  generalisedMarchenkoPastur,
  narrowWeights,
  scaledLaw,
} from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';
import { blockLaw } from '../../../theory/models/index.js';
import { softmaxWeightMoment, softmaxWeights } from '../../../theory/weights/index.js';
import { softmaxContour } from '../../../theory/weights/softmaxContour.js';

type Block = 'diagonal' | 'off-diagonal';

/** sd(a)/|E a| to first order in s, from the gradient of log a at equal logits, p = 1/C. */
function relativeDeviation(classes: number, block: Block, logitVariance: number): number {
  const p = 1 / classes;
  const square =
    block === 'diagonal'
      ? ((1 - 2 * p) / (1 - p)) ** 2 * ((1 - p) ** 2 + (classes - 1) * p * p)
      : 2 * (1 - 2 * p) ** 2 + (classes - 2) * 4 * p * p;
  return Math.sqrt(square * logitVariance);
}

describe('softmax weights of nearly equal logits', () => {
  const cases = [3, 10, 1e4, 1e7].flatMap((classes) =>
    (['diagonal', 'off-diagonal'] as const).flatMap((block) =>
      [0.01, 0.5, 1, 2, 100].map((y) => [classes, block, y] as const),
    ),
  );

  // A law of the same mean and variance differs by the third moment, of the order s⁴.
  test.each(cases)(
    'C = %d, %s, aspect ratio %d: the law of two weights with their mean and variance',
    (classes, block, aspectRatio) => {
      const logitVariance = 1e-10;
      const { law } = blockLaw({
        model: 'linear',
        loss: 'ce',
        layer: 'output',
        block,
        classes,
        aspectRatio,
        logitVariance,
      });
      const mean = softmaxWeightMoment({ classes, logitVariance, block, order: 1 });
      const spread = relativeDeviation(classes, block, logitVariance);
      const two = generalisedMarchenkoPastur(
        discreteMeasure([mean * (1 - spread), mean * (1 + spread)], [0.5, 0.5]),
        aspectRatio,
      );
      expect(law!.support).toHaveLength(1);
      const [[lower, upper]] = two.support;
      expect(Math.abs(law!.support[0][0] - lower)).toBeLessThan(1e-13 * Math.abs(mean) * (1 + aspectRatio));
      for (const share of [0.01, 0.2, 0.5, 0.8, 0.99]) {
        const x = lower + share * (upper - lower);
        expect(Math.abs(law!.cdf(x) - two.cdf(x))).toBeLessThan(1e-12);
      }
    },
  );

  test('the path off the axis would miss them, and so does a mean 1e-8 off', () => {
    const options = { classes: 10, logitVariance: 1e-10, block: 'off-diagonal', scaling: 'rate' } as const;
    const weights = softmaxWeights(options).quadrature;
    const nodes = generalisedMarchenkoPastur(weights, 0.5);
    const path = scaledLaw(continuousMarchenkoPastur(softmaxContour(options, weights), 0.5), -1);
    expect(Math.abs(path.cdf(-1) - nodes.cdf(-1))).toBeGreaterThan(1e-10);
    expect(Math.abs(nodes.cdf(-1 + 1e-8) - nodes.cdf(-1))).toBeGreaterThan(1e-9);
  });

  test('both routes agree where either serves', () => {
    for (const block of ['diagonal', 'off-diagonal'] as const) {
      const options = { classes: 100, logitVariance: 1e-3, block, scaling: 'rate' } as const;
      const weights = softmaxWeights(options).quadrature;
      expect(narrowWeights(weights, 0.01)).toBe(true);
      const sign = block === 'diagonal' ? 1 : -1;
      const path = continuousMarchenkoPastur(softmaxContour(options, weights), 0.01);
      const nodes = generalisedMarchenkoPastur(weights, 0.01);
      for (const x of [0.85, 0.95, 1, 1.05, 1.15])
        expect(Math.abs((sign === 1 ? path.cdf(x) : path.survival(x)) - nodes.cdf(sign * x))).toBeLessThan(1e-9);
    }
  });
});

test('weights are narrow beside √(E a²/γ), on any scale', () => {
  const weights = discreteMeasure([0.9, 1, 1.1]);
  // E a² = 1.00667, range 0.2: the bound is γ = E a²/0.4² = 6.29.
  expect([1e-4, 1, 6.2, 6.4, 1e4].map((y) => narrowWeights(weights, y))).toEqual([true, true, true, false, false]);
  expect(narrowWeights(discreteMeasure([9e-200, 1.1e-199]), 6)).toBe(true);
  expect(narrowWeights(discreteMeasure([-1, 1]), 0.06)).toBe(true);
  expect(narrowWeights(discreteMeasure([-1, 1]), 0.07)).toBe(false);
});
