import { UsageError } from '../errors.js';
import { activationNames, losses, models, modelTraits, type ModelTraits } from '../names.js';
import { requireClasses, requirePositive, requireWord } from '../requirements.js';
import type { ModelSetting } from './model.js';

/**
 * What every question about a model asks of its setting.
 * @throws UsageError for sizes out of range, a layer that the model does not have, a width that it needs, or
 * initialisation and logitVariance together.
 */
export function requireSetting(caller: string, setting: ModelSetting): void {
  const { model, loss, layer, activation, classes, width, aspectRatio, initialisation, logitVariance } = setting;
  requireWord(caller, 'model', model, models);
  requireWord(caller, 'loss', loss, losses);
  if (activation !== undefined) requireWord(caller, 'activation', activation, activationNames);
  requireClasses(caller, classes);
  requirePositive(caller, 'aspectRatio', aspectRatio);
  if (initialisation !== undefined && logitVariance !== undefined) {
    throw new UsageError(
      `${caller}: give initialisation or logitVariance, not both, got '${initialisation}' and ${logitVariance}`,
    );
  }
  const { layers, settings }: ModelTraits = modelTraits[model];
  if (!layers.includes(layer)) {
    const those = layers.map((name) => `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name} layer`).join(' and ');
    throw new UsageError(`${caller}: the ${model} model has ${those} only, got layer '${layer}'`);
  }
  if (settings.includes('width') && !(Number.isInteger(width) && width! >= 1))
    throw new UsageError(`${caller}: the ${model} model needs width, a whole number of at least 1, got ${width}`);
}
