/** The laws that a sweep sets beside a drawn block, each with fresh draws of its own. */
import type { SpectralLaw } from '../../../theory/contracts.js';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';
import { separableLaw, toeplitzEigenvalues } from '../../../theory/separable/index.js';
import { initialisationScheme } from '../../../theory/weights/index.js';
import { layerOfBlock, modelTraits, type BlockName } from '../../../theory/names.js';
import type { ObservedBlock } from '../../../simulations/blocks/index.js';
import type { RandomStream, Workspace } from '../../../simulations/contracts.js';
import type { InputDistribution } from '../../../simulations/inputs/index.js';
import type { ActivationExpression } from '../../../simulations/models/activationExpression.js';
import type { Draw } from '../../../simulations/models/index.js';
import type { TaskEnvironment } from '../environment.js';
import { samplerFor } from '../inputsOfTask.js';
import { firstVariance, limitLaw } from '../lawsOfDraw.js';
import { functionsOf } from './activationOfPoint.js';
import type { ApplicableLaw, SweepTask } from './contract.js';
import { dataPopulation } from './dataPopulation.js';
import { featurePopulation } from './gaussianEquivalent.js';

/** One block of one draw, and what its laws are made from. */
export interface DrawnBlock {
  readonly draw: Draw;
  readonly block: BlockName;
  readonly observed: ObservedBlock;
  /** The activation where it is a formula of the user's own. */
  readonly formula: ActivationExpression | undefined;
  readonly radii: Float64Array | undefined;
  readonly workspace: Workspace;
  readonly environment: TaskEnvironment;
  readonly distribution: InputDistribution;
}

/** A law at any aspect ratio, so that a wrong one can be tried too, and a draw of its null. */
export interface LawWithDraws {
  readonly lawAt: (aspectRatio: number) => SpectralLaw;
  readonly aspectRatio: number;
  readonly draw: (stream: RandomStream) => Float64Array;
}

/** The generalised Marčenko–Pastur law of given weights; its draws are Gaussian inputs with the same weights. */
export function lawOfWeights(
  { settings: { dimension, samples } }: SweepTask,
  weights: Float64Array,
  workspace: Workspace,
): LawWithDraws {
  const measure = discreteMeasure(weights);
  return {
    lawAt: (ratio) => generalisedMarchenkoPastur(measure, ratio),
    aspectRatio: dimension / samples,
    draw(stream) {
      workspace.drawInputs(stream);
      return workspace.eigenvalues(weights).slice();
    },
  };
}

/** The law that applies where it is not that of the drawn weights; undefined where none is known. */
export function lawThatApplies(task: SweepTask, { name }: ApplicableLaw, block: DrawnBlock): LawWithDraws | undefined {
  const { observed, workspace } = block;
  switch (name) {
    case 'given weights and radii':
      return lawOfWeights(
        task,
        observed.weights!.map((a, n) => a * block.radii![n]!),
        workspace,
      );
    case 'separable':
      return separableOfInputs(task, observed.weights!, block);
    case 'gaussian equivalent':
      return separableOfFeatures(task, block);
    default:
      return undefined;
  }
}

function separableOfInputs(
  task: SweepTask,
  weights: Float64Array,
  { distribution, environment, workspace }: DrawnBlock,
): LawWithDraws {
  const { dimension, samples } = task.settings;
  const population =
    distribution.kind === 'toeplitz'
      ? toeplitzEigenvalues(distribution.correlation, dimension)
      : environment.backend
          .symmetricEigenvalues((distribution as Extract<InputDistribution, { kind: 'covariance' }>).matrix, dimension)
          .map((t) => Math.max(0, t));
  const sampler = samplerFor(distribution, dimension, task);
  return {
    lawAt: separableAt(weights, population),
    aspectRatio: dimension / samples,
    draw(stream) {
      sampler(workspace, stream);
      return workspace.eigenvalues(weights).slice();
    },
  };
}

function separableOfFeatures({ settings: { width, samples } }: SweepTask, block: DrawnBlock): LawWithDraws {
  const { population, weights, factor } = featurePopulation(block.draw, block.block, block.environment.backend);
  const features = block.environment.workspace(width, samples);
  return {
    lawAt: separableAt(weights, population),
    aspectRatio: width / samples,
    draw(stream) {
      features.drawInputs(stream);
      multiplyRows(features.inputs, factor, width, samples);
      return features.eigenvalues(weights).slice();
    },
  };
}

/** The separable law of the drawn weights and the covariance of the data, where that is all there is to say. */
export function estimatedLawOf(
  { settings: { dimension, samples } }: SweepTask,
  { estimate }: ApplicableLaw,
  { observed: { weights }, distribution, environment }: DrawnBlock,
): SpectralLaw | undefined {
  if (estimate === undefined || weights === undefined || distribution.kind !== 'data') return undefined;
  return separableAt(weights, dataPopulation(distribution, dimension, environment))(dimension / samples);
}

function separableAt(weights: Float64Array, population: Float64Array): (aspectRatio: number) => SpectralLaw {
  const measures = { weights: discreteMeasure(weights), population: discreteMeasure(population) };
  return (aspectRatio) => separableLaw({ ...measures, aspectRatio });
}

/** Every row z of a samples×width table becomes F z, F lower triangular. */
function multiplyRows(rows: Float64Array, factor: Float64Array, width: number, samples: number): void {
  for (let n = 0; n < samples; n++) {
    for (let i = width - 1; i >= 0; i--) {
      let sum = 0;
      for (let k = 0; k <= i; k++) sum += factor[i * width + k]! * rows[n * width + k]!;
      rows[n * width + i] = sum;
    }
  }
}

/** The limit law of the paper, with Gaussian inputs of identity covariance, whatever the inputs drawn. */
export function claimedLimitLaw(task: SweepTask, { draw, block: name, formula }: DrawnBlock): SpectralLaw | undefined {
  const { settings, layers, claimedClasses } = task;
  const { layer, j } = layerOfBlock(name);
  if (layer !== modelTraits[settings.model].weightedLayer) return undefined;
  const claim = {
    settings,
    block: { i: 0, j },
    classes: claimedClasses,
    activation: formula === undefined ? settings.activation : functionsOf(formula),
    variance: firstVariance(settings.model, layers ?? initialisationScheme(settings.initialisation, settings)),
    covarianceFactor: 1,
    points: 2048,
  };
  return limitLaw(claim, draw, settings.dimension / settings.samples);
}
