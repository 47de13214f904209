import { describe, expect, test } from '@jest/globals';
import { activationNames } from '../../../theory/names.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { crossBlock, fullHessian, hiddenBlock, linearBlock, outputBlock } from '../../../simulations/blocks/index.js';
import { referenceBackend } from '../../../simulations/linalg/referenceBackend.js';
import { drawReplicate, type Draw } from '../../../simulations/models/index.js';
import { largestDiscrepancy } from '../../helpers/largestDiscrepancy.js';
import { hessianByHyperDuals } from '../../helpers/lossByDefinition.js';

const SEED = 'blocks against hyper-duals';
const SIZES = { dimension: 7, samples: 11, classes: 5, width: 4 };
const TOLERANCE = 1e-9;

function draw(settings: Partial<DrawSettings>): Draw {
  const whole: DrawSettings = {
    model: 'hidden',
    loss: 'ce',
    activation: 'relu',
    initialisation: 'lecun',
    ...SIZES,
    ...settings,
  };
  return drawReplicate(whole, referenceBackend().createWorkspace(whole.dimension, whole.samples), SEED, 3);
}

function oracle(draw: Draw): Float64Array {
  const { settings, labels, hiddenLayer, readout, workspace } = draw;
  return hessianByHyperDuals({
    ...settings,
    labels,
    inputs: workspace.inputs,
    parameters: [...hiddenLayer, ...readout.matrix!],
  });
}

/** Rows top…top+rows−1 and columns left…left+columns−1 of a square matrix. */
function cut(matrix: Float64Array, top: number, left: number, rows: number, columns: number): number[] {
  const order = Math.sqrt(matrix.length);
  const out: number[] = [];
  for (let a = 0; a < rows; a++) for (let b = 0; b < columns; b++) out.push(matrix[(top + a) * order + left + b]!);
  return out;
}

const initialisations = ['lecun', 'he', 'xavier', 'pytorch'] as const;
const losses = ['ce', 'mse'] as const;

describe.each(losses)('hidden model, %s, seed "blocks against hyper-duals"', (loss) => {
  const { dimension: d, width: m, classes: C } = SIZES;
  const outputStart = m * d;

  describe.each(activationNames)('%s', (activation) => {
    test.each(initialisations)('every block equals the second derivatives of the loss, %s', (initialisation) => {
      const drawn = draw({ loss, activation, initialisation });
      const expected = oracle(drawn);
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < m; j++) {
          expect(largestDiscrepancy(hiddenBlock(drawn, i, j), cut(expected, i * d, j * d, d, d))).toBeLessThan(
            TOLERANCE,
          );
        }
        for (let j = 0; j < C; j++) {
          const block = crossBlock(drawn, i, j);
          expect(largestDiscrepancy(block.total, cut(expected, i * d, outputStart + j * m, d, m))).toBeLessThan(
            TOLERANCE,
          );
          block.residual.forEach((entry, k) => expect(k % m === i || entry === 0).toBe(true));
        }
      }
      for (let i = 0; i < C; i++) {
        for (let j = 0; j < C; j++) {
          const part = cut(expected, outputStart + i * m, outputStart + j * m, m, m);
          expect(largestDiscrepancy(outputBlock(drawn, i, j), part)).toBeLessThan(TOLERANCE);
        }
      }
      expect(largestDiscrepancy(fullHessian(drawn), expected)).toBeLessThan(TOLERANCE);
    });
  });

  test('a block without the covariance, or without the second derivative of the activation, is found out', () => {
    const drawn = draw({ loss, activation: 'tanh' });
    const right = cut(oracle(drawn), 0, 0, d, d);
    const { samples } = drawn.settings;
    const uncentred = new Float64Array(samples);
    const withoutResidual = new Float64Array(samples);
    const covariance =
      loss === 'ce'
        ? drawn.statistics.covariance(0, 0)
        : new Float64Array(samples).fill(drawn.statistics.readoutGram()[0]!);
    const mean = loss === 'ce' ? drawn.statistics.mean(0) : new Float64Array(samples).fill(0.1);
    for (let n = 0; n < samples; n++) {
      withoutResidual[n] = covariance[n]! * drawn.slopes[n]! ** 2;
      uncentred[n] = (covariance[n]! + mean[n]! ** 2) * drawn.slopes[n]! ** 2;
    }
    expect(largestDiscrepancy(drawn.workspace.weightedGram(withoutResidual), right)).toBeGreaterThan(1e-3);
    expect(largestDiscrepancy(drawn.workspace.weightedGram(uncentred), right)).toBeGreaterThan(1e-3);
  });

  test('the cross block without its residual part is found out', () => {
    const drawn = draw({ loss });
    expect(
      largestDiscrepancy(crossBlock(drawn, 1, 2).curvature, cut(oracle(drawn), d, outputStart + 2 * m, d, m)),
    ).toBeGreaterThan(1e-3);
  });
});

describe.each(losses)('linear model, %s, seed "blocks against hyper-duals"', (loss) => {
  const { dimension: d, classes: C } = SIZES;
  test.each(initialisations)('every block equals the second derivatives of the loss, %s', (initialisation) => {
    const drawn = draw({ model: 'linear', loss, initialisation });
    const expected = oracle(drawn);
    for (let i = 0; i < C; i++) {
      for (let j = 0; j < C; j++) {
        expect(largestDiscrepancy(linearBlock(drawn, i, j), cut(expected, i * d, j * d, d, d))).toBeLessThan(TOLERANCE);
      }
    }
    expect(largestDiscrepancy(fullHessian(drawn), expected)).toBeLessThan(TOLERANCE);
  });

  test('a weight taken for another pair of classes is found out', () => {
    const drawn = draw({ model: 'linear', loss });
    expect(largestDiscrepancy(linearBlock(drawn, 0, 0), cut(oracle(drawn), 0, 2 * d, d, d))).toBeGreaterThan(1e-3);
    if (loss === 'ce')
      expect(largestDiscrepancy(linearBlock(drawn, 0, 1), cut(oracle(drawn), 0, 2 * d, d, d))).toBeGreaterThan(1e-3);
  });
});
