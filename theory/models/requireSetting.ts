import { UsageError } from '../errors.js';
import { activationNames, layersOf, losses, models, takesSetting } from '../names.js';
import { requireClasses, requirePositive, requireWord } from '../requirements.js';
import type { ModelSetting } from './model.js';

/**
 * What every question about a model asks of its setting.
 * @throws UsageError for sizes out of range, a layer that the model does not have, a width or widths that it needs, or
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
  const { widths } = setting;
  if (takesSetting(model, 'widths')) requireWidths(caller, setting);
  const layers = layersOf(model, widths?.length);
  if (!layers.includes(layer)) {
    const those = layers.map((name) => `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name} layer`).join(' and ');
    throw new UsageError(`${caller}: the ${model} model has ${those} only, got layer '${layer}'`);
  }
  if (takesSetting(model, 'width') && !(Number.isInteger(width) && width! >= 1))
    throw new UsageError(`${caller}: the ${model} model needs width, a whole number of at least 1, got ${width}`);
}

function requireWidths(caller: string, { model, widths }: ModelSetting): void {
  const isSize = (width: number) => width === Infinity || (Number.isSafeInteger(width) && width >= 1);
  if (widths !== undefined && widths.length > 0 && widths.every(isSize)) return;
  throw new UsageError(
    `${caller}: the ${model} model needs widths, a whole number of at least 1 for each hidden layer, got ${widths?.join(', ')}`,
  );
}
