import { UsageError } from '../../theory/errors.js';
import { models as names, type Model } from '../../theory/names.js';
import type { DrawSettings } from '../contracts.js';
import type { ModelSampler } from '../network/model.js';
import { deep } from './deep.js';
import { hidden } from './hidden.js';
import { linear } from './linear.js';

/** One entry for every model; a new one is drawn, sampled and swept through its entry. */
const models: Readonly<Record<Model, (settings: ModelOfSettings) => ModelSampler>> = {
  linear: () => linear,
  hidden: () => hidden,
  deep,
};

/** What decides which layers there are. */
export type ModelOfSettings = Pick<DrawSettings, 'model' | 'widths'>;

/** @throws UsageError when there is no such model, or a deep one names no widths */
export function modelOf(settings: ModelOfSettings): ModelSampler {
  const { model } = settings;
  if (!Object.hasOwn(models, model))
    throw new UsageError(`model must be one of ${names.join(', ')}, got ${String(model)}`);
  return models[model](settings);
}
