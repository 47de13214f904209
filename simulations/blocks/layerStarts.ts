import type { Layer } from '../../theory/names.js';
import type { DrawSettings } from '../contracts.js';
import type { HessianPart } from '../network/model.js';

/** The first row of each layer in the Hessian of some layers, by default of all, and the order of that Hessian. */
export function layerStarts({ layers }: HessianPart, settings: DrawSettings) {
  const starts = new Map<Layer, number>();
  let order = 0;
  for (const layer of layers) {
    starts.set(layer.layer, order);
    order += layer.count(settings) * layer.order(settings);
  }
  return { starts, order };
}
