import { UsageError } from '../../theory/errors.js';
import { models as names, type Model } from '../../theory/names.js';
import type { ModelSampler } from '../network/model.js';
import { hidden } from './hidden.js';
import { linear } from './linear.js';

/** One entry for every model; a new one is drawn, sampled and swept through its entry. */
const models: Readonly<Record<Model, ModelSampler>> = { linear, hidden };

/** @throws UsageError when there is no such model */
export function modelNamed(name: Model): ModelSampler {
  const found = Object.hasOwn(models, name) ? models[name] : undefined;
  if (found === undefined) throw new UsageError(`model must be one of ${names.join(', ')}, got ${String(name)}`);
  return found;
}
