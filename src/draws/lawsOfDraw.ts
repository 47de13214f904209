/**
 * The weight laws and spectral laws that a prediction claims for one block of one draw, at the three levels of
 * paper-notes.md: in the limit, given the initialisation, and given the drawn weights.
 */
import type { ActivationName, Layer, LayerInitialisation, Model, SpectralLaw } from '../../theory/contracts.js';
import { generalisedMarchenkoPastur } from '../../theory/gmp/index.js';
import type { GmpLaw } from '../../theory/gmp/index.js';
import { discreteMeasure } from '../../theory/measures/index.js';
import { blockLaw, estimatedLaw, modelTheories } from '../../theory/models/index.js';
import { layersOf, modelTraits } from '../../theory/names.js';
import type { EstimatedMeasure } from '../../theory/weights/estimatedMeasure.js';
import { initialisationScheme, type ActivationFunctions } from '../../theory/weights/index.js';
import type { DrawSettings } from '../../simulations/contracts.js';
import type { Draw } from '../../simulations/models/index.js';
import { cubatureKernels } from './cubatureKernels.js';
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

/** What is claimed of a block: the law of these settings, made wrong on purpose or not. */
export interface BlockClaim {
  readonly settings: DrawSettings;
  readonly block: BlockRequest;
  readonly classes: number;
  readonly activation: ActivationName | ActivationFunctions;
  /** Variance of the first layer's outputs in the limit: logits of the linear model, else pre-activations. */
  readonly variance: number;
  /** Factor on their covariance as drawn. */
  readonly covarianceFactor: number;
  /** Points of the cubature for a law given V. */
  readonly points?: number;
}

export function blockClaim(settings: DrawSettings, block: BlockRequest, perturbation: Perturbation): BlockClaim {
  const scheme = initialisationScheme(settings.initialisation, settings);
  return {
    settings,
    block,
    classes: settings.classes + perturbation.classes,
    activation: perturbation.activation ?? settings.activation,
    variance: firstVariance(settings.model, scheme) * perturbation.logitVariance,
    covarianceFactor: perturbation.logitVariance,
  };
}

/** Variance of the first layer's outputs for inputs of unit variance, in the limit. */
export function firstVariance(model: Model, scheme: { readonly [layer in Layer]?: LayerInitialisation }): number {
  return scheme[layersOf(model)[0]!]!.varianceFactor;
}

/** Laws of weights that a draw is handed over for; `undefined` where one is not computed. */
interface WeightsOfDraw {
  /** In the limit at fixed C and m; absent where no layer enters, and the limit law is the same for every draw. */
  readonly limit?: (claim: BlockClaim, draw: Draw) => EstimatedMeasure | undefined;
  readonly initialisation: (claim: BlockClaim, draw: Draw) => EstimatedMeasure | undefined;
}

/** How a draw's layers are handed to the theory of its model. */
const weightsOfDraw: Readonly<Record<Model, WeightsOfDraw>> = {
  linear: {
    initialisation: ({ settings: { loss, classes, dimension, curvature }, block, ...claim }, draw) => {
      const { weightsGivenLayers } = modelTheories.linear;
      if (curvature === 'empirical-fisher') return undefined;
      if (loss === 'mse') return weightsGivenLayers({ loss, classes, ...block });
      if (classes > largestGramClasses || claim.classes !== classes) return undefined;
      const rows = draw.readout.rows([...Array(classes).keys()]);
      const logitGram = gramOfRows(rows, classes, dimension, claim.covarianceFactor);
      return weightsGivenLayers({ loss, classes, logitGram, kernels: cubatureKernels(), ...block });
    },
  },
  hidden: {
    limit: hiddenWeights,
    initialisation: (claim, draw) => {
      const { width, dimension } = claim.settings;
      return hiddenWeights(claim, draw, gramOfRows(draw.hiddenLayer, width, dimension, claim.covarianceFactor));
    },
  },
  deep: { limit: () => undefined, initialisation: () => undefined },
};

function hiddenWeights(claim: BlockClaim, draw: Draw, preactivationGram?: Float64Array): EstimatedMeasure | undefined {
  const { settings, block, activation, variance, points } = claim;
  const { loss, classes, width } = settings;
  const readout = wholeReadout(draw);
  if (readout === undefined) return undefined;
  const kernels = cubatureKernels();
  const layers = { loss, activation, readout, classes, width, varianceFactor: variance, kernels, ...block };
  return modelTheories.hidden.weightsGivenLayers(
    preactivationGram === undefined ? layers : { ...layers, preactivationGram },
    points,
  );
}

/** The limit law of a block, given V where it stays random at fixed C and m; `undefined` where it is not computed. */
export function limitLaw(claim: BlockClaim, draw: Draw, aspectRatio: number): SpectralLaw | undefined {
  const { limit } = weightsOfDraw[claim.settings.model];
  if (limit === undefined) return fixedLimitLaw(claim, aspectRatio);
  const weights = limit(claim, draw);
  return weights && estimatedLaw(weights, aspectRatio);
}

const limitLawsKept = 32;
const limitLaws = new Map<string, SpectralLaw>();

/**
 * The limit law where it is the same for every draw, made once, and with it its table; `undefined` where each draw has
 * its own.
 */
export function fixedLimitLaw(claim: BlockClaim, aspectRatio: number): SpectralLaw | undefined {
  const { model, loss, curvature = 'hessian' } = claim.settings;
  if (weightsOfDraw[model].limit !== undefined) return undefined;
  const { classes, variance: logitVariance } = claim;
  const block = claim.block.i === claim.block.j ? 'diagonal' : 'off-diagonal';
  const key = [model, loss, curvature, block, classes, logitVariance, aspectRatio].join(' ');
  let law = limitLaws.get(key);
  if (law === undefined) {
    const layer = modelTraits[model].weightedLayer;
    law = blockLaw({ model, layer, loss, block, curvature, classes, logitVariance, aspectRatio }).law!;
    if (limitLaws.size >= limitLawsKept) limitLaws.clear();
    limitLaws.set(key, law);
  }
  return law;
}

/** The law of the weights given V and W; `undefined` where it is not computed. */
export function weightsGivenInitialisation(claim: BlockClaim, draw: Draw): EstimatedMeasure | undefined {
  return weightsOfDraw[claim.settings.model].initialisation(claim, draw);
}

/** V of a hidden model, C×m row-major; `undefined` where it is too large to be handed to the theory. */
function wholeReadout({ settings: { classes, width }, readout }: Draw): Float64Array | undefined {
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
