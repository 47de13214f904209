import { deepRatios, type DeepRatio } from '../../deep/index.js';
import { UsageError } from '../../errors.js';
import { activations, layerNumber, paperActivation, paperInitialisation } from '../../names.js';
import { initialisationScheme } from '../../network/initialisationScheme.js';
import type { FrobeniusRatio, FrobeniusRatioSpec } from '../model.js';
import { uncoupledRatio } from '../uncoupledOutputs.js';

/**
 * `deepRatios` of one layer. Under cross-entropy the scales of all layers enter as the variance of a logit alone: a ReLU
 * network with variance factors v_1 … v_L, v has the ratios of one with factors 2 and s² = v Π v_k/2.
 * @throws UsageError for an activation, an initialisation or a layer of which no ratio is known
 */
export function deepFrobeniusRatio(spec: FrobeniusRatioSpec): FrobeniusRatio {
  const { loss, layer, classes, activation = paperActivation } = spec;
  const caller = 'frobeniusRatio';
  if (!activations[activation].gated)
    throw new UsageError(`${caller}: ratios of a deep network are known with activation relu, got ${activation}`);
  const number = layerNumber(layer);
  if (number === undefined) {
    if (loss === 'mse') return uncoupledRatio;
    throw new UsageError(
      `${caller}: no ratio of the output layer of a deep network is known under ce; ask for a hidden layer, or draw it`,
    );
  }
  const { ratio, error, scaled, floor } = ratioAt(spec, number);
  // Scales of an initialisation may depend on C, so that the limit is that at C = ∞.
  const { limit } = classes === Infinity ? { limit: scaled } : ratioAt({ ...spec, classes: Infinity }, number);
  return {
    ratio,
    ratioError: error,
    scaled,
    exponent: 1,
    limit,
    ...(floor > 0
      ? {
          reason: `The layers above ${layer} tell apart no more outputs than their widths: r falls to ${floor.toPrecision(4)} and no further, however many the classes.`,
        }
      : {}),
  };
}

/** Of the hidden layer with this number. */
function ratioAt(spec: FrobeniusRatioSpec, number: number): DeepRatio {
  const { loss, classes, widths = [], aspectRatio, dimension = Infinity } = spec;
  const variance = loss === 'mse' ? 1 : effectiveLogitVariance(spec);
  // Xavier's readout variance falls like 1/C, so that at C = ∞ the softmax is uniform.
  const network = variance === 0 ? { loss: 'mse' as const, logitVariance: 1 } : { loss, logitVariance: variance };
  return deepRatios({ ...network, dimension, aspectRatio, widths, classes })[number - 1]!;
}

function effectiveLogitVariance(spec: FrobeniusRatioSpec): number {
  const { logitVariance, initialisation = paperInitialisation, dimension = Infinity, classes, widths = [] } = spec;
  if (logitVariance !== undefined) return logitVariance;
  const sizes = { model: spec.model, dimension, width: 0, widths, classes };
  const layers = Object.values(initialisationScheme(initialisation, sizes));
  if (layers.some(({ distribution }) => distribution !== 'normal'))
    throw new UsageError(
      `frobeniusRatio: ratios of a deep network are known for normal entries, got initialisation ${initialisation}; give lecun, he or xavier`,
    );
  return layers.reduce((product, { varianceFactor }) => (product * varianceFactor) / 2, 2);
}
