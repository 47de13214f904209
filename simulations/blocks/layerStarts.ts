import type { Layer } from '../../theory/names.js';
import type { DrawSettings } from '../contracts.js';
import type { ModelSampler } from '../network/model.js';

/** The first row of each layer in the whole Hessian, and the order of the Hessian. */
export function layerStarts(model: ModelSampler, settings: DrawSettings) {
  const starts = new Map<Layer, number>();
  let order = 0;
  for (const layer of model.layers) {
    starts.set(layer.layer, order);
    order += layer.count(settings) * layer.order(settings);
  }
  return { starts, order };
}
