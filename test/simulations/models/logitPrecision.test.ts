import { describe, expect, test } from '@jest/globals';
import { createBackend } from '../../../simulations/linalg/index.js';
import { linearBlockWeights } from '../../../simulations/blocks/index.js';
import { drawReplicate } from '../../../simulations/models/index.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { UsageError } from '../../../theory/errors.js';

const settings: DrawSettings = {
  ...{ model: 'linear', loss: 'ce', activation: 'relu', initialisation: 'lecun' },
  ...{ dimension: 60, samples: 120, classes: 2000, width: 0 },
};
const backend = await createBackend('wasm');
const workspace = backend.createWorkspace(settings.dimension, settings.samples);
const blocks = [
  [0, 0],
  [0, 1],
] as const;

/** Weights and eigenvalues of both blocks, and ‖H‖²_F. */
const observed = (logitPrecision: DrawSettings['logitPrecision']) => {
  const draw = drawReplicate({ ...settings, logitPrecision }, workspace, 'precision', 0, {
    wanted: { output: blocks },
  });
  return {
    labels: draw.labels,
    blocks: blocks.map(([i, j]) => {
      const weights = linearBlockWeights(draw, i, j);
      return {
        weights,
        eigenvalues: workspace.eigenvalues(weights),
        squaredNorm: workspace.squaredFrobeniusNorms([weights])[0]!,
      };
    }),
  };
};

describe('a draw with logits in single precision', () => {
  const [single, double, absent] = [observed('single'), observed('double'), observed(undefined)];

  test('is that of double precision, the default, but for its weights', () => {
    expect(absent).toEqual(double);
    expect(single.labels).toEqual(double.labels);
    expect(single.blocks[0]!.weights).not.toEqual(double.blocks[0]!.weights);
  });

  test.each([0, 1])('block %i: weights within 2e-7, each eigenvalue by no more than the weights', (block) => {
    const [one, other] = [single.blocks[block]!, double.blocks[block]!];
    const shift = Math.max(...one.weights.map((a, n) => Math.abs(a / other.weights[n]! - 1)));
    // Two probabilities of 1e-7 each.
    expect(shift).toBeLessThan(2e-7);
    expect(shift).toBeGreaterThan(1e-9);
    // Weights of one sign: (1 − δ) H ≤ H′ ≤ (1 + δ) H, and eigenvalues keep that order. The last term is rounding.
    const largest = Math.max(...other.eigenvalues.map(Math.abs));
    one.eigenvalues.forEach((value, k) => {
      const before = other.eigenvalues[k]!;
      expect(Math.abs(value - before)).toBeLessThan(shift * Math.abs(before) + 1e-14 * largest);
    });
    expect(Math.abs(one.squaredNorm / other.squaredNorm - 1)).toBeLessThan(2 * shift);
  });
});

test.each<[string, Partial<DrawSettings>, string]>([
  [
    'squared error',
    { loss: 'mse', logitPrecision: 'single' },
    'logitPrecision: single is for model: linear, loss: ce, got linear, mse',
  ],
  ['a readout of features', { model: 'hidden', width: 8, logitPrecision: 'single' }, 'got hidden, ce'],
  ['another word', { logitPrecision: 'half' as 'single' }, 'logitPrecision must be one of double, single, got half'],
])('single precision is refused: %s', (_name, wrong, message) => {
  const draw = (): unknown => drawReplicate({ ...settings, ...wrong }, workspace, 'precision', 0);
  expect(draw).toThrow(UsageError);
  expect(draw).toThrow(message);
});
