/**
 * The weight laws and spectral laws that a prediction claims for one block of one draw, at the three levels of
 * paper-notes.md: in the limit, given the initialisation, and given the drawn weights.
 */
import type { DiscreteMeasure } from '../../theory/contracts.js';
import { generalisedMarchenkoPastur } from '../../theory/gmp/index.js';
import type { GmpLaw, SmoothWeights, WeightLaw } from '../../theory/gmp/index.js';
import { discreteMeasure } from '../../theory/measures/index.js';
import {
  hiddenWeightsGivenReadout,
  initialisationScheme,
  softmaxWeights,
  softmaxWeightsGivenGram,
} from '../../theory/weights/index.js';
import type { DrawSettings } from '../../simulations/contracts.js';
import type { Draw } from '../../simulations/models/index.js';
import type { Perturbation } from './perturbation.js';

/** A d×d block: of the hidden layer's rows w_i, w_j, or of the linear model's rows v_i, v_j. */
export interface BlockRequest {
  readonly i: number;
  readonly j: number;
}

/**
 * The logits' C×C Gram matrix is integrated over as it is up to this many classes; beyond, its fluctuation is of order
 * C^{-1/2} smaller.
 */
const largestGramClasses = 64;

/** Entries of a readout matrix that one draw hands to the theory at most. */
const largestReadout = 4e6;

/** The law of the weights in the limit: for the hidden model given V, which stays random at fixed m and C. */
export function limitWeights(
  settings: DrawSettings,
  draw: Draw,
  block: BlockRequest,
  perturbation: Perturbation,
): WeightLaw | undefined {
  if (settings.model === 'linear') {
    if (settings.loss === 'mse') return discreteMeasure([block.i === block.j ? 1 : 0]);
    return linearLimitWeights(settings, block, perturbation);
  }
  return hiddenWeights(settings, draw, block, perturbation, undefined);
}

/** Depends on no draw. */
export function linearLimitWeights(
  settings: DrawSettings,
  block: BlockRequest,
  perturbation: Perturbation,
): SmoothWeights {
  const logitVariance = outputVarianceFactor(settings) * perturbation.logitVariance;
  const classes = settings.classes + perturbation.classes;
  const kind = block.i === block.j ? 'diagonal' : 'off-diagonal';
  return softmaxWeights({ classes, logitVariance, block: kind });
}

/** The law of the weights given V and W; `undefined` where it is not computed. */
export function weightsGivenInitialisation(
  settings: DrawSettings,
  draw: Draw,
  block: BlockRequest,
  perturbation: Perturbation,
): DiscreteMeasure | undefined {
  if (settings.model === 'linear') {
    if (settings.loss === 'mse') return discreteMeasure([block.i === block.j ? 1 : 0]);
    if (settings.classes > largestGramClasses || perturbation.classes !== 0) return undefined;
    const rows = draw.readout.rows([...Array(settings.classes).keys()]);
    const gram = gramOfRows(rows, settings.classes, settings.dimension, perturbation.logitVariance);
    return softmaxWeightsGivenGram({ gram, classes: settings.classes, i: block.i, j: block.j }).measure;
  }
  const gram = gramOfRows(draw.hiddenLayer, settings.width, settings.dimension, perturbation.logitVariance);
  return hiddenWeights(settings, draw, block, perturbation, gram);
}

function hiddenWeights(
  settings: DrawSettings,
  draw: Draw,
  block: BlockRequest,
  perturbation: Perturbation,
  preactivationGram: Float64Array | undefined,
): DiscreteMeasure | undefined {
  const { classes, width } = settings;
  if (classes * width > largestReadout) return undefined;
  const scheme = initialisationScheme(settings.initialisation, { ...settings });
  const readout = draw.readout.rows([...Array(classes).keys()]);
  return hiddenWeightsGivenReadout({
    loss: settings.loss,
    activation: perturbation.activation ?? settings.activation,
    readout,
    classes,
    width,
    i: block.i,
    j: block.j,
    preactivationGram:
      preactivationGram ?? scaledIdentity(width, (scheme.hidden?.varianceFactor ?? 1) * perturbation.logitVariance),
  }).measure;
}

/** The law of H given the weights as drawn: deterministic equivalent. */
export function lawGivenWeights(weights: Float64Array, aspectRatio: number): GmpLaw {
  return generalisedMarchenkoPastur(discreteMeasure(weights), aspectRatio);
}

export function outputVarianceFactor(settings: DrawSettings): number {
  return initialisationScheme(settings.initialisation, { ...settings }).output.varianceFactor;
}

/** factor · R Rᵀ for `count` rows of length `length`. */
export function gramOfRows(rows: Float64Array, count: number, length: number, factor: number): Float64Array {
  const gram = new Float64Array(count * count);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let t = 0; t < length; t++) sum += rows[a * length + t]! * rows[b * length + t]!;
      gram[a * count + b] = factor * sum;
      gram[b * count + a] = factor * sum;
    }
  }
  return gram;
}

/** scale · I. */
export function scaledIdentity(order: number, scale: number): Float64Array {
  const matrix = new Float64Array(order * order);
  for (let k = 0; k < order; k++) matrix[k * order + k] = scale;
  return matrix;
}
