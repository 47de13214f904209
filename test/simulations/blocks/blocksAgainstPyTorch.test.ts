import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { crossBlock, hiddenBlock, hiddenBlockWeights, outputBlock } from '../../../simulations/blocks/index.js';
import { referenceBackend } from '../../../simulations/linalg/referenceBackend.js';
import { drawFromParts } from '../../../simulations/models/index.js';
import { readNpy } from '../../../src/store/formats/index.js';
import { largestDiscrepancy } from '../../helpers/largestDiscrepancy.js';

// test/fixtures/pytorch/export_hessian.py: Hessian blocks by torch.autograd, float64.
const read = (name: string) =>
  readNpy(readFileSync(new URL(`../../fixtures/pytorch/${name}.npy`, import.meta.url)), name).data;
const settings = {
  model: 'hidden',
  loss: 'ce',
  activation: 'relu',
  initialisation: 'pytorch',
  dimension: 160,
  samples: 400,
  classes: 100,
  width: 8,
} as const;

const workspace = referenceBackend().createWorkspace(settings.dimension, settings.samples);
workspace.inputs.set(read('x'));
const draw = drawFromParts({
  settings,
  workspace,
  labels: Int32Array.from(read('labels')),
  hiddenLayer: read('w'),
  readout: read('v'),
});
const TOLERANCE = 1e-12;

describe('blocks of a network that PyTorch differentiated', () => {
  const pairs = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const;

  test.each(pairs)('hidden block (w_%i, w_%i)', (i, j) => {
    expect(largestDiscrepancy(hiddenBlock(draw, i, j), read(`h_w${i}_w${j}`), 1e-3)).toBeLessThan(TOLERANCE);
  });

  test.each(pairs)('output block (v_%i, v_%i)', (i, j) => {
    expect(largestDiscrepancy(outputBlock(draw, i, j), read(`h_v${i}_v${j}`), 1e-3)).toBeLessThan(TOLERANCE);
  });

  test.each(pairs)('cross block (w_%i, v_%i)', (i, j) => {
    expect(largestDiscrepancy(crossBlock(draw, i, j).total, read(`h_w${i}_v${j}`), 1e-3)).toBeLessThan(TOLERANCE);
  });

  test('weights off by one part in 10^9, or of another pair of units, are found out', () => {
    const right = read('h_w0_w1');
    const weights = hiddenBlockWeights(draw, 0, 1);
    weights[weights.findIndex((a) => a !== 0)]! *= 1 + 1e-9;
    expect(largestDiscrepancy(workspace.weightedGram(weights), right, 1e-3)).toBeGreaterThan(TOLERANCE);
    expect(largestDiscrepancy(hiddenBlock(draw, 0, 2), right, 1e-3)).toBeGreaterThan(0.1);
  });
});
