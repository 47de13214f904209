import type { Layer } from '../../theory/names.js';
import type { Backend } from '../contracts.js';
import { layerOf } from '../network/layerOf.js';
import type { Draw } from '../network/model.js';

/** Ascending eigenvalues of one block of one draw, with its weights where it has them. */
export interface ObservedBlock {
  readonly eigenvalues: Float64Array;
  readonly weights: Float64Array | undefined;
}

/** The spectrum of block (i, j) of a layer; of a weighted block without forming it. */
export function observeBlock(draw: Draw, layer: Layer, i: number, j: number, backend: Backend): ObservedBlock {
  const own = layerOf(draw.model, layer);
  if (own.weights === undefined) {
    const eigenvalues = backend.symmetricEigenvalues(own.matrix(draw, i, j), own.order(draw.settings));
    return { eigenvalues, weights: undefined };
  }
  const weights = own.weights(draw, i, j).slice();
  return { eigenvalues: draw.workspace.eigenvalues(weights).slice(), weights };
}
