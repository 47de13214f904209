import { UsageError } from '../../theory/errors.js';
import type { Layer } from '../../theory/names.js';
import type { LayerBlocks, ModelSampler } from './model.js';

/** @throws UsageError when the model has no such layer */
export function layerOf(model: ModelSampler, layer: Layer): LayerBlocks {
  const found = model.layers.find((candidate) => candidate.layer === layer);
  if (found === undefined)
    throw new UsageError(
      `the ${model.name} model has no ${layer} layer: its layers are ${model.layers.map((own) => own.layer).join(', ')}`,
    );
  return found;
}

type WeightedLayer = LayerBlocks & Required<Pick<LayerBlocks, 'weights'>>;

/** The layer whose blocks are sums over inputs with weights: the paper's d×d blocks. */
export function weightedLayer(model: ModelSampler): WeightedLayer {
  return model.layers.find((layer): layer is WeightedLayer => layer.weights !== undefined)!;
}
