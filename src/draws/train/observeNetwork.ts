/**
 * A trained network at a mark with what theory says of it: the bounds of its residual by its loss, and distances of its
 * weighted blocks from their laws.
 */
import { residualBounds } from '../../../theory/dynamics/index.js';
import { compressMeasure, discreteMeasure } from '../../../theory/measures/index.js';
import { estimatedLaw } from '../../../theory/models/index.js';
import type { SpectralLaw } from '../../../theory/contracts.js';
import { takesSetting } from '../../../theory/names.js';
import type { EstimatedMeasure } from '../../../theory/weights/index.js';
import { kolmogorovDistance } from '../../../simulations/comparisons/index.js';
import {
  atMost,
  observeMark,
  roundingOf,
  type ExactStatement,
  type StatementId,
  type MarkObservation,
  type MarkOptions,
  type WeightedBlockObservation,
} from '../../../simulations/dynamics/index.js';
import { observeBlock } from '../../../simulations/blocks/index.js';
import { layerOf, type Draw } from '../../../simulations/models/index.js';
import { blockClaim, lawGivenWeights, weightsGivenInitialisation, type BlockRequest } from '../lawsOfDraw.js';
import { unperturbed } from '../perturbation.js';

export interface NetworkOptions extends MarkOptions {
  /**
   * Distances of the weighted blocks: 'weights' from the law given the drawn weights, 'layers' from the law given the
   * layers with fresh inputs too. Left out by default: a distance takes the spectrum of a block and a law of its own.
   */
  readonly distances?: 'weights' | 'layers';
  /** Keep the weights of the blocks, gathered to few nodes; not by default. */
  readonly gathersWeights?: boolean;
}

/** Most nodes by which drawn weights are kept, besides 0. */
const mostWeightNodes = 64;

/**
 * `observeMark`, and what needs theory besides: statements E6 and E7 of the loss, the weights of blocks gathered to few
 * nodes, and distances where asked for.
 */
export function observeNetwork(draw: Draw, options: NetworkOptions): MarkObservation {
  const mark = observeMark(draw, options);
  const { distances } = options;
  return {
    ...mark,
    exact: [...mark.exact, ...lossStatements(draw, mark)],
    blocks: mark.blocks.map((block) => ({
      ...block,
      weights: options.gathersWeights === true ? gatheredWeights(draw, block) : null,
      distances: distances === undefined ? null : distancesOf(draw, block, options, distances),
    })),
  };
}

/**
 * E6. (1/N) Σ‖r_n‖² ≤ ψ(L), or 2L (equal) for the squared error, and Σ_i Λ_i (1/N) Σ‖r_n‖² over live samples ≤ Σ_i Λ_i
 * times that. E7. max σ_1(S_i) ≤ √(max Λ_i times that). Rounding: residuals and loss come from the same outputs, by sums
 * over N samples and C classes of terms of one sign, whose exponentials are good to 800 roundings.
 */
export function lossStatements(
  draw: Draw,
  { loss: meanLoss, residualPower, cross, units }: MarkObservation,
): ExactStatement[] {
  const { loss, samples, classes, dimension } = draw.settings;
  const largestGrams = units.map(({ largestGram }) => largestGram);
  const bounds = residualBounds({ loss, meanLoss, largestGrams });
  const statement = (id: StatementId, left: number, right: number) =>
    atMost({ id, left, right, scale: right, rounding: roundingOf(samples + classes + dimension + 800, right) });
  const ofResidual = statement('E6-residual', residualPower, bounds.residualPower);
  if (cross === null) return [ofResidual];
  const largest = units.reduce((found, { singularValues }) => Math.max(found, singularValues[0]!), 0);
  return [
    ofResidual,
    statement('E6', cross.upperBound, bounds.residualPart),
    statement('E7-loss', largest, bounds.negativeCurvature),
  ];
}

function gatheredWeights(
  draw: Draw,
  { layer, i, j, power }: WeightedBlockObservation,
): WeightedBlockObservation['weights'] {
  if (power === 0) return { nodes: [0], masses: [1], error: 0 };
  const { dimension, samples } = draw.settings;
  const drawn = discreteMeasure(layerOf(draw.model, layer).weights!(draw, i, j));
  const { measure, error } = compressMeasure(drawn, {
    maximumNodes: mostWeightNodes,
    tolerance: 1e-9,
    aspectRatio: dimension / samples,
  });
  return { nodes: [...measure.nodes], masses: [...measure.masses], error };
}

function distancesOf(
  draw: Draw,
  { layer, i, j, power }: WeightedBlockObservation,
  { backend }: NetworkOptions,
  wanted: 'weights' | 'layers',
): WeightedBlockObservation['distances'] {
  if (power === 0) return null;
  const { dimension, samples } = draw.settings;
  const aspectRatio = dimension / samples;
  const { eigenvalues, weights } = observeBlock(draw, layer, i, j, backend);
  const to = (law: SpectralLaw) => kolmogorovDistance(eigenvalues, law);
  const given = wanted === 'layers' ? weightsGivenLayers(draw, { i, j }) : undefined;
  return {
    drawnWeights: to(lawGivenWeights(weights!, aspectRatio)),
    layers: given === undefined ? null : to(estimatedLaw(given, aspectRatio)),
  };
}

/**
 * The law of the weights given the layers, with fresh inputs, and labels uniform and independent of them where σ is
 * curved (elsewhere labels do not enter). `undefined` where it is not computed, and for an activation without a name.
 */
function weightsGivenLayers(draw: Draw, block: BlockRequest): EstimatedMeasure | undefined {
  const { settings, activation } = draw;
  if (takesSetting(settings.model, 'activation') && activation.name !== settings.activation) return undefined;
  return weightsGivenInitialisation(blockClaim(settings, block, unperturbed), draw);
}
