import { paperInitialisation } from '../../names.js';
import { initialisationScheme } from '../../network/initialisationScheme.js';
import type { ModelSetting } from '../model.js';

/** s² at C classes: as given, or the output layer's factor. */
export function logitVarianceOf(setting: ModelSetting, classes: number): number {
  const { model, logitVariance, initialisation = paperInitialisation, dimension = Infinity } = setting;
  return (
    logitVariance ?? initialisationScheme(initialisation, { model, dimension, width: 1, classes }).output.varianceFactor
  );
}
