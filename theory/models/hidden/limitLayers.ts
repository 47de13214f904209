import { paperActivation, paperInitialisation } from '../../names.js';
import { initialisationScheme } from '../../network/initialisationScheme.js';
import { readoutEntry } from '../../network/readoutEntry.js';
import type { HiddenLimitOptions } from '../../ratios/hiddenCeLimit.js';
import { requirePositive } from '../../requirements.js';
import type { ModelSetting } from '../model.js';

/** The two layers' laws as limits take them; `entry` has variance 0 under Xavier at C = ∞. */
export function limitLayers(caller: string, setting: ModelSetting, classes = setting.classes): HiddenLimitOptions {
  const {
    model,
    activation = paperActivation,
    initialisation = paperInitialisation,
    dimension = Infinity,
    logitVariance,
  } = setting;
  // `requireSetting` has asked for it.
  const width = setting.width!;
  if (logitVariance !== undefined) {
    requirePositive(caller, 'logitVariance', logitVariance);
    return { width, activation, hiddenFactor: 1, entry: readoutEntry('normal', logitVariance / width) };
  }
  const { hidden, output } = initialisationScheme(initialisation, { model, dimension, width, classes });
  return {
    width,
    activation,
    hiddenFactor: hidden!.varianceFactor,
    entry: readoutEntry(output.distribution, output.varianceFactor / width),
  };
}
