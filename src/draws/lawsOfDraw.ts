/**
 * The weight laws and spectral laws that a prediction claims for one block of one draw, at the three levels of
 * paper-notes.md: in the limit, given the initialisation, and given the drawn weights.
 */
import type { BlockKind, Loss, SpectralLaw } from '../../theory/contracts.js';
import { generalisedMarchenkoPastur } from '../../theory/gmp/index.js';
import type { GmpLaw } from '../../theory/gmp/index.js';
import { discreteMeasure } from '../../theory/measures/index.js';
import { blockLaw, estimatedLaw } from '../../theory/models/index.js';
import { exactMeasure, type EstimatedMeasure } from '../../theory/weights/estimatedMeasure.js';
import {
  hiddenWeightsGivenReadout,
  initialisationScheme,
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

/** The limit law of a linear block and what it depends on. */
interface LinearLimit {
  readonly loss: Loss;
  readonly block: BlockKind;
  readonly classes: number;
  readonly logitVariance: number;
  readonly aspectRatio: number;
}

const limitLawsKept = 32;
const limitLaws = new Map<string, SpectralLaw>();

/** The limit law of a linear block: the same for every draw, made once, and with it its table. */
export function linearLimitLaw({ loss, block, classes, logitVariance, aspectRatio }: LinearLimit): SpectralLaw {
  const key = [loss, block, classes, logitVariance, aspectRatio].join(' ');
  let law = limitLaws.get(key);
  if (law === undefined) {
    law = blockLaw({ model: 'linear', layer: 'output', loss, block, classes, logitVariance, aspectRatio }).law!;
    if (limitLaws.size >= limitLawsKept) limitLaws.clear();
    limitLaws.set(key, law);
  }
  return law;
}

/**
 * The limit law of a block: for the hidden model given V, which stays random at fixed m and C; `undefined` where it is
 * not computed.
 */
export function limitLaw(
  settings: DrawSettings,
  draw: Draw,
  block: BlockRequest,
  perturbation: Perturbation,
  aspectRatio: number,
): SpectralLaw | undefined {
  if (settings.model === 'linear')
    return claimedLinearLimitLaw(
      settings,
      block.i === block.j ? 'diagonal' : 'off-diagonal',
      perturbation,
      aspectRatio,
    );
  const weights = hiddenWeights(settings, draw, block, perturbation, undefined);
  return weights && estimatedLaw(weights, aspectRatio);
}

/** Depends on no draw. */
export function claimedLinearLimitLaw(
  settings: DrawSettings,
  block: BlockKind,
  perturbation: Perturbation,
  aspectRatio: number,
): SpectralLaw {
  return linearLimitLaw({
    loss: settings.loss,
    block,
    classes: settings.classes + perturbation.classes,
    logitVariance: outputVarianceFactor(settings) * perturbation.logitVariance,
    aspectRatio,
  });
}

/** The law of the weights given V and W; `undefined` where it is not computed. */
export function weightsGivenInitialisation(
  settings: DrawSettings,
  draw: Draw,
  block: BlockRequest,
  perturbation: Perturbation,
): EstimatedMeasure | undefined {
  if (settings.model === 'linear') {
    if (settings.loss === 'mse') return exactMeasure([block.i === block.j ? 1 : 0], [1]);
    if (settings.classes > largestGramClasses || perturbation.classes !== 0) return undefined;
    const rows = draw.readout.rows([...Array(settings.classes).keys()]);
    const gram = gramOfRows(rows, settings.classes, settings.dimension, perturbation.logitVariance);
    return softmaxWeightsGivenGram({ gram, classes: settings.classes, i: block.i, j: block.j });
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
): EstimatedMeasure | undefined {
  const { classes, width } = settings;
  const readout = wholeReadout(draw);
  if (readout === undefined) return undefined;
  const scheme = initialisationScheme(settings.initialisation, { ...settings });
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
  });
}

/** V of a hidden model, C×m row-major; `undefined` where it is too large to be handed to the theory. */
export function wholeReadout({ settings: { classes, width }, readout }: Draw): Float64Array | undefined {
  return classes * width > largestReadout ? undefined : readout.rows([...Array(classes).keys()]);
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
