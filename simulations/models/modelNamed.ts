import type { Model } from '../../theory/names.js';
import type { ModelSampler } from '../network/model.js';
import { hidden } from './hidden.js';
import { linear } from './linear.js';

/** One entry for every model; a new one is drawn, sampled and swept through its entry. */
const models: Readonly<Record<Model, ModelSampler>> = { linear, hidden };

export function modelNamed(name: Model): ModelSampler {
  return models[name];
}
