import { describe, expect, test } from '@jest/globals';
import { fullHessian, hessianOrder } from '../../../simulations/blocks/index.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { referenceBackend } from '../../../simulations/linalg/referenceBackend.js';
import { drawFromParts, drawReplicate, layerOf, modelOf, weightedLayer } from '../../../simulations/models/index.js';
import { UsageError } from '../../../theory/errors.js';
import { layersOf, losses, models, modelTraits, type Layer, type Model } from '../../../theory/names.js';
import { largestDiscrepancy } from '../../helpers/largestDiscrepancy.js';
import { hessianByHyperDuals } from '../../helpers/lossByDefinition.js';

// No two of d, N, C, m agree, so that no size can stand for another; nor any width and the next.
const sizes = { activation: 'tanh', initialisation: 'lecun', dimension: 4, samples: 9, classes: 3, width: 2 } as const;
const widthsOf = (name: Model) => (name === 'deep' ? { widths: [2, 5, 3] } : {});
const TOLERANCE = 1e-9;

test('a model that nobody wrote is refused with those there are', () => {
  expect(() => modelOf({ model: 'quadratic' as never })).toThrow(
    /^model must be one of linear, hidden, deep, got quadratic$/,
  );
  expect(() => modelOf({ model: 'toString' as never })).toThrow(UsageError);
  expect(() => modelOf({ model: 'deep' })).toThrow(/^widths must name at least one hidden layer of a deep model/);
});

describe.each(models)('the %s model', (name) => {
  const model = modelOf({ model: name, ...widthsOf(name) });

  test('agrees with what theory/names.ts says of it', () => {
    expect(model.name).toBe(name);
    expect(model.layers.map(({ layer }) => layer)).toEqual(layersOf(name, widthsOf(name).widths?.length));
    expect(weightedLayer(model).layer).toBe(modelTraits[name].weightedLayer);
    expect(model.layers.at(-1)!.layer).toBe('output');
  });

  describe.each(losses)('%s', (loss) => {
    const settings: DrawSettings = { model: name, loss, ...sizes, ...widthsOf(name) };
    const workspace = () => referenceBackend().createWorkspace(sizes.dimension, sizes.samples);
    const draw = drawReplicate(settings, workspace(), 'model contract', 0);
    const parameters = model.layers.flatMap((layer) => [...layer.rows(draw)]);
    // Second derivatives of the loss as the paper defines it, by hyper-dual numbers: knows no block.
    const expected = hessianByHyperDuals({
      ...settings,
      labels: draw.labels,
      inputs: draw.workspace.inputs,
      parameters,
    });
    const side = parameters.length;
    const starts = model.layers.map((_, k) =>
      model.layers.slice(0, k).reduce((sum, { count, order }) => sum + count(settings) * order(settings), 0),
    );
    const startOf = (layer: Layer) => starts[model.layers.findIndex((own) => own.layer === layer)]!;
    const cut = (top: number, left: number, rows: number, columns: number): number[] =>
      Array.from({ length: rows * columns }, (_, e) => {
        const [a, b] = [Math.floor(e / columns), e % columns];
        return expected[(top + a) * side + left + b]!;
      });

    test('each layer has count×order parameters, which make up the draw and the order of the Hessian', () => {
      for (const layer of model.layers)
        expect(layer.rows(draw)).toHaveLength(layer.count(settings) * layer.order(settings));
      expect(parameters).toEqual([...draw.hiddenLayer, ...draw.readout.matrix!]);
      expect(hessianOrder(draw)).toBe(side);
      expect(draw.features).toHaveLength(model.units(settings) * sizes.samples);
    });

    test('matrices, and weights where there are, are the second derivatives at their place', () => {
      model.layers.forEach(({ count, order, weights, matrix }, k) => {
        const size = order(settings);
        for (let i = 0; i < count(settings); i++)
          for (let j = 0; j < count(settings); j++) {
            const part = cut(starts[k]! + i * size, starts[k]! + j * size, size, size);
            expect(largestDiscrepancy(matrix(draw, i, j), part)).toBeLessThan(TOLERANCE);
            if (weights !== undefined)
              expect(largestDiscrepancy(draw.workspace.weightedGram(weights(draw, i, j)), part)).toBeLessThan(
                TOLERANCE,
              );
          }
      });
    });

    test('crossings are the second derivatives between their layers, and nothing is left out', () => {
      for (const { rows, columns, matrix } of model.crossings) {
        const [first, second] = [layerOf(model, rows), layerOf(model, columns)];
        const [height, width] = [first.order(settings), second.order(settings)];
        for (let i = 0; i < first.count(settings); i++)
          for (let j = 0; j < second.count(settings); j++) {
            const part = cut(startOf(rows) + i * height, startOf(columns) + j * width, height, width);
            expect(largestDiscrepancy(matrix(draw, i, j), part)).toBeLessThan(TOLERANCE);
          }
      }
      expect(largestDiscrepancy(fullHessian(draw), expected)).toBeLessThan(TOLERANCE);
    });

    test('a block at the place of another is found out', () => {
      const [{ matrix, order }] = model.layers;
      const size = order(settings);
      expect(largestDiscrepancy(matrix(draw, 0, 0), cut(0, size, size, size))).toBeGreaterThan(1e-3);
      for (const { rows, columns, matrix: between } of model.crossings) {
        const [height, width] = [layerOf(model, rows).order(settings), layerOf(model, columns).order(settings)];
        const next = cut(startOf(rows), startOf(columns) + width, height, width);
        expect(largestDiscrepancy(between(draw, 0, 0), next)).toBeGreaterThan(1e-3);
      }
    });

    test('given the layers it drew, it is the same draw', () => {
      const own = workspace();
      own.inputs.set(draw.workspace.inputs);
      const again = drawFromParts({
        settings,
        workspace: own,
        labels: draw.labels,
        hiddenLayer: draw.hiddenLayer,
        readout: draw.readout.matrix!,
      });
      const { layer, order } = model.layers[0];
      expect([...layerOf(again.model, layer).matrix(again, 0, 1)]).toEqual([
        ...layerOf(draw.model, layer).matrix(draw, 0, 1),
      ]);
      expect(order(settings)).toBe(sizes.dimension);
    });
  });
});
