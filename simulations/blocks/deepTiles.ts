import type { Backend } from '../contracts.js';
import type { Draw, HessianRegion, VisitTiles } from '../network/model.js';
import { contiguous } from './contiguous.js';
import { crossFactor, deepBlockWeights, type DeepCrossing } from './deepBlock.js';
import { derivativesOf } from './deepDerivatives.js';

/** Every block of two rows of W_ℓ as a product of the backend, one tile each. */
export const visitDeepTiles =
  (layer: number, region: HessianRegion): VisitTiles =>
  (draw, backend, visit, start) => {
    const features = derivativesOf(draw).features(layer - 1);
    const { samples } = draw.settings;
    const order = features.length / samples;
    const timesFeatures = productsWith(features, draw, backend);
    const units = draw.model.layers[layer - 1]!.count(draw.settings);
    const factor = new Float64Array(features.length);
    for (let i = 0; i < units; i++)
      for (let j = i; j < units; j++) {
        const weights = deepBlockWeights(draw, layer, i, j);
        for (let row = 0; row < factor.length; row += samples)
          for (let n = 0; n < samples; n++) factor[row + n] = (weights[n]! * features[row + n]!) / samples;
        const entries = timesFeatures(factor);
        visit({
          region,
          ...contiguous(start + i * order, start + j * order, order),
          entries,
          isMirrored: i !== j,
        });
      }
  };

/** Every block of a row of W_ℓ and one of W_m, one tile each. */
export const visitDeepCrossTiles =
  (crossing: DeepCrossing, region: HessianRegion): VisitTiles =>
  (draw, backend, visit, rowStart, columnStart) => {
    const { settings } = draw;
    const { samples } = settings;
    const { lower, upper } = crossing;
    const derivatives = derivativesOf(draw);
    const left = derivatives.features(lower - 1);
    const rows = left.length / samples;
    const columns = derivatives.features(upper - 1).length / samples;
    const timesLeft = productsWith(left, draw, backend);
    const [first, second] = [draw.model.layers[lower - 1]!, draw.model.layers[upper - 1]!];
    const entries = new Float64Array(rows * columns);
    for (let i = 0; i < first.count(settings); i++)
      for (let j = 0; j < second.count(settings); j++) {
        const transposed = timesLeft(crossFactor(draw, crossing, i, j));
        for (let a = 0; a < rows; a++)
          for (let b = 0; b < columns; b++) entries[a * columns + b] = transposed[b * rows + a]!;
        visit({
          region,
          ...{ rowStart: rowStart + i * rows, rowStride: 1, rows },
          ...{ columnStart: columnStart + j * columns, columnStride: 1, columns },
          entries,
          isMirrored: true,
        });
      }
  };

/** F Aᵀ for fields F over the same samples, a row for each of F's; the array is reused. */
function productsWith(fields: Float64Array, { settings: { samples } }: Draw, backend: Backend) {
  const rows = fields.length / samples;
  const workspace = backend.createWorkspace(samples, rows);
  workspace.inputs.set(fields);
  let out = new Float64Array(0);
  return (factor: Float64Array): Float64Array => {
    const count = factor.length / samples;
    if (out.length !== count * rows) out = new Float64Array(count * rows);
    workspace.project(factor, count, out);
    return out;
  };
}
