import { beforeAll, describe, expect, test } from '@jest/globals';
import { blockNormsGivenLayers, linearBlockMoments } from '../../../theory/norms/index.js';
import { softmaxWeightMoment } from '../../../theory/weights/index.js';
import { hiddenBlockWeights, linearBlockWeights, outputBlock } from '../../../simulations/blocks/index.js';
import { meanTest } from '../../../simulations/comparisons/index.js';
import type { Backend, DrawSettings } from '../../../simulations/contracts.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { drawFromParts, drawReplicate } from '../../../simulations/models/index.js';
import { randomStream } from '../../../simulations/random/index.js';

// Each t-test below alarms by chance with probability 1e-4 when the formula is right.
const level = 1e-4;
const seed = 'norms 1';
let backend: Backend;
beforeAll(async () => {
  backend = await createBackend('wasm');
});

describe(`norms at finite dimension (seed '${seed}')`, () => {
  const settings: DrawSettings = {
    model: 'linear',
    loss: 'ce',
    activation: 'relu',
    initialisation: 'lecun',
    dimension: 40,
    samples: 70,
    classes: 4,
    width: 1,
  };
  const draws = 1200;
  const collect = () => {
    const workspace = backend.createWorkspace(settings.dimension, settings.samples);
    const blocks = { diagonal: [] as number[][], 'off-diagonal': [] as number[][] };
    for (let r = 0; r < draws; r++) {
      const draw = drawReplicate(settings, workspace, seed, r);
      const weights = [linearBlockWeights(draw, 0, 0), linearBlockWeights(draw, 0, 1)];
      workspace.squaredFrobeniusNorms(weights).forEach((norm, j) => {
        const a = weights[j]!;
        const mean = a.reduce((sum, value) => sum + value, 0) / a.length;
        const square = a.reduce((sum, value) => sum + value * value, 0) / a.length;
        blocks[j === 0 ? 'diagonal' : 'off-diagonal'].push([norm / settings.dimension, mean, square]);
      });
    }
    return blocks;
  };

  test('linear cross-entropy: E‖H‖², E a and E a² over inputs and V, diagonal and off-diagonal', () => {
    const blocks = collect();
    for (const block of ['diagonal', 'off-diagonal'] as const) {
      const exact = linearBlockMoments({ ...settings, logitVariance: 1, block });
      const columns = [exact.normalisedSquaredNorm, exact.weightMean, exact.weightMeanSquare];
      columns.forEach((predicted, k) => {
        const values = blocks[block].map((row) => row[k]!);
        expect(meanTest(values, predicted).pValue).toBeGreaterThan(level);
        // Power: a prediction 5 % off is rejected by the same draws.
        expect(meanTest(values, 1.05 * predicted).pValue).toBeLessThan(level);
      });
    }
  });

  test('the limit d → ∞ is approached like 1/d, and is 1.3 % away off the diagonal at d = 40', () => {
    const norm = (dimension: number) =>
      linearBlockMoments({
        classes: 4,
        logitVariance: 1,
        dimension,
        samples: (dimension * 7) / 4,
        block: 'off-diagonal',
      }).normalisedSquaredNorm;
    const [near, far, limit] = [norm(40), norm(80), norm(4e6)] as const;
    // Richardson: halving 1/d halves the gap, up to the second order.
    expect((near - limit) / (far - limit)).toBeGreaterThan(1.9);
    expect((near - limit) / (far - limit)).toBeLessThan(2.1);
    // In the limit the second moment of the generalised Marčenko–Pastur law: γ E a² + (E a)².
    const moment = (power: number) =>
      softmaxWeightMoment({ classes: 4, logitVariance: 1, block: 'off-diagonal', order: power });
    expect(limit).toBeCloseTo((4 / 7) * moment(2) + moment(1) ** 2, 8);
  });

  test('a bad dimension is refused by name', () => {
    expect(() =>
      linearBlockMoments({ classes: 4, logitVariance: 1, dimension: 2, samples: 9, block: 'diagonal' }),
    ).toThrow(/dimension must be .* at least 8, got 2/);
  });
});

describe(`norms given the layers (seed '${seed}')`, () => {
  const gated = (['hidden', 'output'] as const).flatMap((layer) =>
    (['ce', 'mse'] as const).map((loss) => ({ layer, loss, activation: 'relu' as const, scale: 1 })),
  );
  // Diagonal blocks of these depend on the labels. V is rescaled so that their term has its share of the norm.
  const smooth = [
    { layer: 'hidden', loss: 'ce', activation: 'tanh', scale: 2 },
    { layer: 'hidden', loss: 'mse', activation: 'gelu', scale: 0.5 },
  ] as const;
  for (const { layer, loss, activation, scale } of [...gated, ...smooth]) {
    test(`${layer} blocks, ${loss}, ${activation}: E‖H‖² over inputs and labels for one V and W`, () => {
      const settings: DrawSettings = {
        model: 'hidden',
        loss,
        activation,
        initialisation: 'lecun',
        dimension: 12,
        samples: 20,
        classes: 6,
        width: 4,
      };
      const workspace = backend.createWorkspace(settings.dimension, settings.samples);
      const first = drawReplicate(settings, workspace, seed, 0);
      const gram = new Float64Array(16);
      for (let a = 0; a < 4; a++) {
        for (let b = 0; b < 4; b++) {
          for (let t = 0; t < 12; t++)
            gram[a * 4 + b]! += first.hiddenLayer[a * 12 + t]! * first.hiddenLayer[b * 12 + t]!;
        }
      }
      const readout = first.readout.rows([0, 1, 2, 3, 4, 5]).map((v) => scale * v);
      const blocks = [
        [1, 1],
        [0, 2],
      ] as const;
      const options = {
        layer,
        loss,
        activation,
        readout,
        classes: 6,
        width: 4,
        dimension: 12,
        samples: 20,
        preactivationGram: gram,
        blocks,
        points: 4096,
        shifts: 8,
      };
      const exact = blockNormsGivenLayers(options);
      const values = blocks.map(() => [] as number[]);
      for (let r = 0; r < 1000; r++) {
        workspace.drawInputs(randomStream(seed, `inputs ${layer} ${loss}`, r));
        const stream = randomStream(seed, `labels ${layer} ${loss}`, r);
        const labels = activation === 'relu' ? first.labels : Int32Array.from({ length: 20 }, () => stream.integer(6));
        const draw = drawFromParts({ settings, workspace, labels, hiddenLayer: first.hiddenLayer, readout });
        const norms =
          layer === 'hidden'
            ? workspace.squaredFrobeniusNorms(blocks.map(([i, j]) => hiddenBlockWeights(draw, i, j)))
            : blocks.map(([i, j]) => outputBlock(draw, i, j).reduce((sum, value) => sum + value * value, 0));
        norms.forEach((norm, b) => values[b]!.push(norm));
      }
      blocks.forEach(([i, j], b) => {
        const { squaredNorm, error } = exact[b]!;
        if (layer === 'output' && loss === 'mse' && i !== j) {
          expect(squaredNorm).toBe(0);
          expect(Math.max(...values[b]!)).toBe(0);
          return;
        }
        expect(error).toBeLessThan(0.005 * squaredNorm);
        expect(meanTest(values[b]!, squaredNorm).pValue).toBeGreaterThan(level);
        expect(meanTest(values[b]!, 1.2 * squaredNorm).pValue).toBeLessThan(level);
      });
      if (activation === 'relu') return;
      const [diagonal, offDiagonal] = blockNormsGivenLayers({ ...options, residualTerm: false });
      expect(meanTest(values[0]!, diagonal!.squaredNorm).pValue).toBeLessThan(level);
      // Off the diagonal there is no such term.
      expect(offDiagonal).toEqual(exact[1]);
    });
  }
});
