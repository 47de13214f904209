import type { Model } from '../contracts.js';
import { deep, type DeepLayers } from './deep/index.js';
import { hidden, type HiddenLayers } from './hidden/index.js';
import { linear, type LinearLayers } from './linear/index.js';
import type { ModelTheory } from './model.js';

/** What of the layers as drawn each model's laws can be given. */
export interface LayersOfModel {
  readonly linear: LinearLayers;
  readonly hidden: HiddenLayers;
  readonly deep: DeepLayers;
}

/** The theory of every model in theory/names.ts. */
export const modelTheories: { readonly [M in Model]: ModelTheory<LayersOfModel[M]> } = { linear, hidden, deep };
