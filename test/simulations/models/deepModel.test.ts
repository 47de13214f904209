// The deep model against second derivatives by hyper-dual numbers, the hidden model, and norms that know no block.
import { describe, expect, test } from '@jest/globals';
import { denseHessian } from '../../../simulations/dynamics/wholeHessian.js';
import { deepBlockWeights } from '../../../simulations/blocks/deepBlock.js';
import { fullHessian, hessianHeatMap, observeBlock } from '../../../simulations/blocks/index.js';
import { deepSampler, drawDeepNetwork } from '../../../simulations/deep/index.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { referenceBackend } from '../../../simulations/linalg/referenceBackend.js';
import { drawFromParts, drawReplicate, layerOf, type Draw } from '../../../simulations/models/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { activationNames, initialisations, losses, type Layer } from '../../../theory/names.js';
import { largestDiscrepancy } from '../../helpers/largestDiscrepancy.js';
import { hessianByHyperDuals } from '../../helpers/lossByDefinition.js';

const TOLERANCE = 1e-9;
const base = {
  ...{ model: 'deep', loss: 'ce', activation: 'relu', initialisation: 'he' },
  ...{ dimension: 3, samples: 7, classes: 4, width: 0, widths: [4, 2] },
} as const satisfies DrawSettings;

function drawn(change: Partial<DrawSettings>, seed = 'deep model'): Draw {
  const settings = { ...base, ...change };
  return drawReplicate(settings, referenceBackend().createWorkspace(settings.dimension, settings.samples), seed, 0);
}

const parametersOf = (draw: Draw) => draw.model.layers.flatMap((layer) => [...layer.rows(draw)]);
const sumOfSquares = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value ** 2, 0);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const cases = losses.flatMap((loss) => activationNames.map((activation) => ({ loss, activation })));

describe.each(cases)('$loss $activation', ({ loss, activation }) => {
  const draw = drawn({ loss, activation });
  const hessian = fullHessian(draw);

  test('the whole Hessian is that of the loss by its definition', () => {
    const { settings, labels, workspace } = draw;
    const expected = hessianByHyperDuals({
      ...settings,
      labels,
      inputs: workspace.inputs,
      parameters: parametersOf(draw),
    });
    expect(largestDiscrepancy(hessian, expected)).toBeLessThan(TOLERANCE);
    // Weights of the first layer that miss a unit's own curvature, or the residual between layers, would be found out.
    const other = fullHessian(drawn({ loss, activation: activation === 'tanh' ? 'gelu' : 'tanh' }));
    expect(largestDiscrepancy(other, expected)).toBeGreaterThan(1e-3);
  });

  test('tiles make up the same, and the heat map has the norms of every region', () => {
    const backend = referenceBackend();
    const order = parametersOf(draw).length;
    expect(largestDiscrepancy(denseHessian(draw, backend), hessian)).toBeLessThan(TOLERANCE);
    const { norms, largest, values } = hessianHeatMap(draw, backend, { pixels: order, reduce: 'max' });
    expect(largestDiscrepancy(values, hessian.map(Math.abs))).toBeLessThan(TOLERANCE);
    expect(largest).toBeCloseTo(Math.max(...hessian.map(Math.abs)), 12);
    expect([...norms.keys()]).toEqual([
      ...['hidden-1', 'hidden-2', 'output'],
      ...['hidden-1 × hidden-2', 'hidden-1 × output', 'hidden-2 × output'],
    ]);
    // Each block off the diagonal of a layer stands twice in its table, each between layers once in its own.
    const total = [...norms].reduce(
      (sum, [region, table]) => sum + (region.includes('×') ? 2 : 1) * sumOfSquares(table),
      0,
    );
    expect(total / sumOfSquares(hessian)).toBeCloseTo(1, 12);
    for (const { rows, columns, region, matrix } of draw.model.crossings) {
      const [count, width] = [rows, columns].map((layer) => layerOf(draw.model, layer).count(draw.settings));
      expect(norms.get(region)).toHaveLength(count! * width!);
      expect(norms.get(region)![width! + 1]).toBeCloseTo(Math.sqrt(sumOfSquares(matrix(draw, 1, 1))), 12);
    }
  });

  test('with one hidden layer it is the hidden model', () => {
    const settings = { ...base, loss, activation, width: 3 };
    const one = drawn({ loss, activation, widths: [3] });
    const workspace = referenceBackend().createWorkspace(settings.dimension, settings.samples);
    workspace.inputs.set(one.workspace.inputs);
    const same = drawFromParts({
      settings: { ...settings, model: 'hidden' },
      ...{ workspace, labels: one.labels, hiddenLayer: one.hiddenLayer, readout: one.readout.matrix! },
    });
    expect(largestDiscrepancy(fullHessian(one), fullHessian(same))).toBeLessThan(TOLERANCE);
  });
});

describe.each(losses)('norms of a drawn network, %s', (loss) => {
  const network = { loss, dimension: 6, samples: 11, widths: [5, 4, 3], classes: 4, logitVariance: 1.3 };
  const { inputs, layers, readout } = drawDeepNetwork(network, randomStream('deep norms', loss, 0));
  const settings: DrawSettings = { ...base, ...network };
  const drawWith = (scales: readonly number[], readoutScale: number): Draw => {
    const workspace = referenceBackend().createWorkspace(network.dimension, network.samples);
    workspace.inputs.set(inputs);
    const scaled = layers.map((layer, k) => layer.map((entry) => entry * scales[k]!));
    return drawFromParts({
      ...{ settings, workspace, labels: new Int32Array(network.samples) },
      hiddenLayer: Float64Array.from(scaled.flatMap((layer) => [...layer])),
      readout: readout.map((entry) => entry * readoutScale),
    });
  };
  const normsOf = (draw: Draw, layer: number) => {
    const { matrix } = draw.model.layers[layer - 1]!;
    const norm = (i: number, j: number) => sumOfSquares(matrix(draw, i, j));
    return {
      off: mean([norm(0, 1), norm(0, 2), norm(1, 2)]),
      diagonal: mean([norm(0, 0), norm(1, 1), norm(2, 2)]),
    };
  };

  test('are those of the sampler that makes no block', async () => {
    const expected = deepSampler(network, 3, await createBackend('wasm'))(randomStream('deep norms', loss, 0));
    const draw = drawWith([1, 1, 1], 1);
    expected.forEach(({ off, diagonal }, index) => {
      const found = normsOf(draw, index + 1);
      expect(found.off / off).toBeCloseTo(1, 10);
      expect(found.diagonal / diagonal).toBeCloseTo(1, 10);
    });
  });

  // What the theory makes of other initialisations: ReLU carries the scales of its layers to the logits.
  test('ratios depend on the scales of the layers by that of the logits alone', () => {
    const [scaled, same] = [drawWith([0.5, 3, 0.7], 1), drawWith([1, 1, 1], 0.5 * 3 * 0.7)];
    for (const layer of [1, 2, 3]) {
      const [one, other] = [normsOf(scaled, layer), normsOf(same, layer)];
      expect(one.off / one.diagonal / (other.off / other.diagonal)).toBeCloseTo(1, 10);
    }
    // Under cross-entropy another scale of the logits has other ratios.
    const [first, whole] = [normsOf(drawWith([1, 1, 1], 1), 1), normsOf(same, 1)];
    const change = Math.abs(first.off / first.diagonal / (whole.off / whole.diagonal) - 1);
    if (loss === 'ce') expect(change).toBeGreaterThan(1e-3);
    else expect(change).toBeLessThan(1e-10);
  });
});

test('each layer is drawn by its own fans', () => {
  const widths = [300, 150];
  const sizes = { dimension: 200, samples: 1, classes: 100, widths };
  const fans = [200, 300, 150, 100];
  // LeCun 1, He 2, Xavier 2 fan-in/(fan-in + fan-out), PyTorch 1/3, in units of 1/fan-in.
  const factor = {
    lecun: () => 1,
    he: () => 2,
    xavier: (i: number, o: number) => (2 * i) / (i + o),
    pytorch: () => 1 / 3,
  };
  for (const initialisation of initialisations) {
    const draw = drawn({ ...sizes, initialisation });
    draw.model.layers.forEach((layer, k) => {
      const rows = layer.rows(draw);
      const expected = factor[initialisation](fans[k]!, fans[k + 1]!);
      // A sample variance of n normal entries has standard deviation √(2/n) of itself; 12 layers, five deviations each:
      // 1e-5 of a false alarm with another seed.
      const error = 5 * Math.sqrt(2 / rows.length);
      expect(Math.abs((fans[k]! * sumOfSquares(rows)) / rows.length / expected - 1)).toBeLessThan(error);
    });
  }
});

test('a change of classes or of an upper width leaves the layers below as they are', () => {
  const [one, other] = [drawn({}), drawn({ widths: [4, 3], classes: 9 })];
  expect(one.model.layers[0].rows(one)).toEqual(other.model.layers[0].rows(other));
  expect(one.workspace.inputs).toEqual(other.workspace.inputs);
});

test('the first layer is observed by its weights, the others by their matrix', () => {
  const draw = drawn({ widths: [3, 4] });
  const spectrum = (layer: Layer) => observeBlock(draw, layer, 0, 1, referenceBackend());
  expect(spectrum('hidden-1').weights).toEqual(deepBlockWeights(draw, 1, 0, 1));
  expect(spectrum('hidden-2').weights).toBeUndefined();
  const trace = (layer: Layer) => spectrum(layer).eigenvalues.reduce((sum, value) => sum + value, 0);
  const { matrix } = layerOf(draw.model, 'hidden-2');
  const block = matrix(draw, 0, 1);
  expect(trace('hidden-2')).toBeCloseTo(block[0]! + block[4]! + block[8]!, 12);
});

test('refuses widths that are none, and blocks of numbered layers of another model', () => {
  for (const widths of [[], [3, 0], [2.5], undefined])
    expect(() => drawn({ widths })).toThrow(/^widths(, of the hidden layers,)? must /);
  expect(() => drawn({ widths: Array.from({ length: 65 }, () => 1) })).toThrow(/from 1 to 64 hidden layers/);
  const hidden = drawn({ model: 'hidden', width: 2 });
  expect(() => deepBlockWeights(hidden, 1, 0, 1)).toThrow(/belong to the deep model, got a draw of the hidden model/);
  expect(() => layerOf(drawn({}).model, 'hidden-3')).toThrow(
    /has no hidden-3 layer: its layers are hidden-1, hidden-2/,
  );
});
