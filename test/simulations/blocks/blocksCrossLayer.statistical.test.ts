import { describe, expect, test } from '@jest/globals';
import { crossBlockNorms } from '../../../simulations/blocks/index.js';
import { wasmBackend } from '../../../simulations/linalg/index.js';
import { drawFromParts, drawReplicate, fillLayer } from '../../../simulations/models/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { crossLayerNorms, crossLayerNormsGivenReadout } from '../../../theory/norms/crossLayer.js';

const backend = wasmBackend();
const SEED = 'cross-layer norms 1';
const PARTS = ['residual', 'curvature', 'column', 'otherColumns'] as const;

interface Sample {
  readonly mean: number;
  readonly standardError: number;
}

function summarise(values: readonly number[]): Sample {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, standardError: Math.sqrt(variance / values.length) };
}

const cases = [
  { loss: 'ce', activation: 'relu', initialisation: 'lecun' },
  { loss: 'mse', activation: 'relu', initialisation: 'he' },
  { loss: 'ce', activation: 'tanh', initialisation: 'he' },
  { loss: 'mse', activation: 'gelu', initialisation: 'pytorch' },
] as const;

// Sixteen comparisons within 4 standard errors of one fixed seed: chance of a false alarm about 16 · 6e-5 = 0.1 %.
describe('norms of the cross-layer parts given both layers, seed "cross-layer norms 1"', () => {
  test.each(cases)('agree with 200 draws of inputs and labels: $loss, $activation, $initialisation', (model) => {
    const settings = { model: 'hidden', dimension: 24, samples: 36, classes: 6, width: 3, ...model } as const;
    const workspace = backend.createWorkspace(settings.dimension, settings.samples);
    const layers = drawReplicate(settings, workspace, SEED, 0);
    const readout = layers.readout.matrix!;
    const { width, dimension, classes } = settings;
    const gram = new Float64Array(width * width);
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) {
        for (let a = 0; a < dimension; a++)
          gram[i * width + j]! += layers.hiddenLayer[i * dimension + a]! * layers.hiddenLayer[j * dimension + a]!;
      }
    }
    const predicted = crossLayerNormsGivenReadout({ ...settings, readout, preactivationGram: gram, points: 1024 });

    const measured = {
      residual: [] as number[],
      curvature: [] as number[],
      column: [] as number[],
      otherColumns: [] as number[],
    };
    for (let replicate = 1; replicate <= 200; replicate++) {
      const fresh = drawReplicate(settings, workspace, SEED, replicate);
      const draw = drawFromParts({
        settings,
        workspace,
        labels: fresh.labels,
        hiddenLayer: layers.hiddenLayer,
        readout,
      });
      const norms = crossBlockNorms(draw, backend, [...Array(classes).keys()]);
      for (const part of PARTS) measured[part].push(norms[part]);
    }
    for (const part of PARTS) {
      const { mean, standardError } = summarise(measured[part]);
      expect(predicted.relativeError[part]).toBeLessThan(0.01);
      expect(standardError / mean).toBeLessThan(0.05);
      expect(
        Math.abs(mean - predicted[part]) / Math.hypot(standardError, predicted.relativeError[part] * predicted[part]),
      ).toBeLessThan(4);
    }
  });
});

/**
 * Norms given each of many drawn output layers, at a dimension so large that only the leading order is left. The
 * cubature points are the same for all layers, so there are enough of them to keep their common error well below the
 * standard error of the average.
 */
function averageOverReadouts(spec: Parameters<typeof crossLayerNorms>[0], readouts: number) {
  const { classes, width } = spec;
  const dimension = 1e9;
  const values = {
    residual: [] as number[],
    curvature: [] as number[],
    column: [] as number[],
    otherColumns: [] as number[],
  };
  for (let replicate = 0; replicate < readouts; replicate++) {
    const readout = new Float64Array(classes * width);
    fillLayer(randomStream(SEED, 'V', replicate), spec.output, width, readout);
    const given = crossLayerNormsGivenReadout({
      loss: spec.loss,
      activation: 'relu',
      classes,
      width,
      dimension,
      samples: Math.round(dimension / spec.aspectRatio),
      readout,
      preactivationGram: spec.hidden.varianceFactor,
      points: 256,
      shifts: 4,
      outputs: [...Array(Math.min(classes, 60)).keys()],
    });
    for (const part of PARTS) values[part].push(given[part]);
  }
  return values;
}

const normal = (varianceFactor: number) => ({ varianceFactor, distribution: 'normal' as const });
const uniform = (varianceFactor: number) => ({ varianceFactor, distribution: 'uniform' as const });

// Twelve comparisons within 4 standard errors: chance of a false alarm about 0.1 %.
describe('closed forms of the cross-layer norms, seed "cross-layer norms 1"', () => {
  test.each([
    { loss: 'mse', classes: 14, width: 3, aspectRatio: 0.5, hidden: normal(2), output: normal(2) },
    { loss: 'mse', classes: 9, width: 4, aspectRatio: 1.7, hidden: uniform(1 / 3), output: uniform(1 / 3) },
  ] as const)('squared error, $classes classes: the average over 60 output layers', (spec) => {
    const predicted = crossLayerNorms(spec);
    const wrong = crossLayerNorms({ ...spec, aspectRatio: spec.aspectRatio * 1.5 });
    const values = averageOverReadouts(spec, 60);
    for (const part of PARTS) {
      const { mean, standardError } = summarise(values[part]);
      expect(Math.abs(mean - predicted[part]) / standardError).toBeLessThan(4);
    }
    const { mean, standardError } = summarise(values.curvature);
    expect(Math.abs(mean - wrong.curvature) / standardError).toBeGreaterThan(4);
  });

  test('cross-entropy, 400 classes, layers uniform with variance factor 1/3: the average over 12 output layers', () => {
    const spec = {
      loss: 'ce',
      classes: 400,
      width: 4,
      aspectRatio: 0.5,
      hidden: uniform(1 / 3),
      output: uniform(1 / 3),
    } as const;
    const predicted = crossLayerNorms(spec);
    const wrong = crossLayerNorms({ ...spec, hidden: uniform(1 / 2) });
    const values = averageOverReadouts(spec, 12);
    for (const part of PARTS) {
      const { mean, standardError } = summarise(values[part]);
      // The formula is the leading order in 1/C: allowed 4/C beside the noise.
      const allowed = 4 * standardError + 0.01 * predicted[part];
      expect(Math.abs(mean - predicted[part])).toBeLessThan(allowed);
      if (part === 'curvature') expect(Math.abs(mean - wrong[part])).toBeGreaterThan(allowed);
    }
  });
});
