import type { DrawSettings } from '../../../simulations/contracts.js';
import { UsageError } from '../../../theory/errors.js';
import {
  hasSoftmaxWeights,
  logitPrecisions,
  noSingleLogits,
  paperActivation,
  paperInitialisation,
} from '../../../theory/names.js';
import { modelChoice, type ModelChoice, type ModelOptions } from './modelOptions.js';
import { choice } from './textOptions.js';
import { wholeNumber } from './wholeNumber.js';

/** What is drawn, as on the command line. */
export interface DrawWords extends Pick<
  ModelOptions,
  | 'model'
  | 'loss'
  | 'layer'
  | 'curvature'
  | 'activation'
  | 'initialisation'
  | 'classes'
  | 'width'
  | 'depth'
  | 'logitVariance'
> {
  readonly dimension?: string | undefined;
  readonly samples?: string | undefined;
  readonly logitPrecision?: string | undefined;
}

/**
 * Settings of a draw; an activation or a scheme that is left out is the paper's.
 * @throws UsageError as `modelChoice`, and for sizes that are no whole numbers
 */
export function drawSettings(words: DrawWords): { readonly settings: DrawSettings; readonly chosen: ModelChoice } {
  const { classes, dimension, samples, logitPrecision, ...named } = words;
  const chosen = modelChoice(named);
  const { model, loss, curvature, activation, initialisation, width, widths } = chosen;
  const size = (name: string, value: string | undefined, smallest: number) =>
    wholeNumber(name, value ?? '', smallest, 1e9);
  const settings: DrawSettings = {
    model,
    loss,
    ...(curvature === undefined ? {} : { curvature }),
    activation: activation ?? paperActivation,
    initialisation: initialisation ?? paperInitialisation,
    dimension: size('--dimension', dimension, 1),
    samples: size('--samples', samples, 1),
    classes: size('--classes', classes, 2),
    width: width ?? 0,
    ...(widths === undefined ? {} : { widths }),
    ...(logitPrecision === undefined
      ? {}
      : { logitPrecision: choice('--logit-precision', logitPrecision, logitPrecisions) }),
  };
  if (settings.logitPrecision === 'single' && !hasSoftmaxWeights(model, loss))
    throw new UsageError(`--logit-precision: ${noSingleLogits}; leave it out`);
  return { settings, chosen };
}
