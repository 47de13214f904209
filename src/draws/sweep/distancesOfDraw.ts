/** Distances of a drawn spectrum to the laws that a sweep names, with fresh draws of each law's null. */
import type { SpectralLaw } from '../../../theory/contracts.js';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';
import { separableLaw, toeplitzEigenvalues } from '../../../theory/separable/index.js';
import { initialisationScheme } from '../../../theory/weights/index.js';
import { layerOfBlock, modelTraits, type BlockName } from '../../../theory/names.js';
import type { ObservedBlock } from '../../../simulations/blocks/index.js';
import { kolmogorovDistance, tableOf } from '../../../simulations/comparisons/index.js';
import type { RandomStream, Workspace } from '../../../simulations/contracts.js';
import type { InputDistribution } from '../../../simulations/inputs/index.js';
import type { ActivationExpression } from '../../../simulations/models/activationExpression.js';
import type { Draw } from '../../../simulations/models/index.js';
import { firstVariance, limitLaw } from '../lawsOfDraw.js';
import type { TaskEnvironment } from '../environment.js';
import { functionsOf } from './activationOfPoint.js';
import { dataPopulation } from './dataPopulation.js';
import { featurePopulation } from './gaussianEquivalent.js';
import { samplerFor } from '../inputsOfTask.js';
import type { ApplicableLaw } from './contract.js';
import type { SweepTask } from './contract.js';
import type { LawDistances, SweepBlockResult } from './contract.js';

/** Distances to each law that the task asks for and that the block has. */
export function distancesOf(
  task: SweepTask,
  applies: ApplicableLaw,
  inputs: Omit<ApplicableInputs, 'stream'>,
  stream: (label: string) => (r: number) => RandomStream,
): Pick<SweepBlockResult, 'law' | 'weights' | 'applicable' | 'estimate'> {
  const {
    workspace,
    observed: { eigenvalues, weights },
  } = inputs;
  const asksForWeights = task.compare.includes('weights');
  return {
    law: task.compare.includes('law') ? limitDistance(task, inputs) : undefined,
    weights:
      asksForWeights && weights !== undefined
        ? distanceGivenWeights(task, weights, eigenvalues, workspace, stream('null'))
        : undefined,
    applicable:
      applies.name === 'given weights' || applies.name === 'none' || !asksForWeights
        ? undefined
        : applicableDistances(task, applies, { ...inputs, stream: stream('applicable') }),
    estimate: asksForWeights ? estimateDistance(task, applies, inputs) : undefined,
  };
}

const wrongFactor = 1.05;

interface NullDraws {
  readonly count: number;
  readonly draw: (stream: RandomStream) => Float64Array;
  readonly stream: (r: number) => RandomStream;
}

function distancesWithNulls(
  lawAt: (aspectRatio: number) => SpectralLaw,
  aspectRatio: number,
  eigenvalues: Float64Array,
  { count, draw, stream }: NullDraws,
): LawDistances {
  const [table, wrongTable] = [tableOf(lawAt(aspectRatio)), tableOf(lawAt(wrongFactor * aspectRatio))];
  const drawn = Array.from({ length: count }, (_, r) => {
    const own = draw(stream(r));
    return { right: kolmogorovDistance(own, table), wrong: kolmogorovDistance(own, wrongTable) };
  });
  return {
    observed: kolmogorovDistance(eigenvalues, table),
    nulls: drawn.map(({ right }) => right),
    wrong: drawn.map(({ wrong }) => wrong),
  };
}

/**
 * To the generalised Marčenko–Pastur law of the drawn weights; its null draws are Gaussian inputs with the same
 * weights.
 */
function distanceGivenWeights(
  task: SweepTask,
  weights: Float64Array,
  eigenvalues: Float64Array,
  workspace: Workspace,
  stream: (r: number) => RandomStream,
): LawDistances {
  const measure = discreteMeasure(weights);
  const draw = (own: RandomStream) => {
    workspace.drawInputs(own);
    return workspace.eigenvalues(weights).slice();
  };
  return distancesWithNulls(
    (ratio) => generalisedMarchenkoPastur(measure, ratio),
    task.settings.dimension / task.settings.samples,
    eigenvalues,
    { count: task.nulls, draw, stream },
  );
}

interface ApplicableInputs {
  readonly draw: Draw;
  readonly block: BlockName;
  readonly observed: ObservedBlock;
  /** The activation where it is a formula of the user's own. */
  readonly formula: ActivationExpression | undefined;
  readonly radii: Float64Array | undefined;
  readonly workspace: Workspace;
  readonly environment: TaskEnvironment;
  readonly distribution: InputDistribution;
  readonly stream: (r: number) => RandomStream;
}

/** To the law that applies where it is not that one, with fresh draws of its own; undefined where none is known. */
function applicableDistances(
  task: SweepTask,
  { name }: ApplicableLaw,
  inputs: ApplicableInputs,
): LawDistances | undefined {
  const { observed, workspace, stream, distribution } = inputs;
  const { dimension, samples } = task.settings;
  switch (name) {
    case 'given weights and radii':
      return distanceGivenWeights(
        task,
        observed.weights!.map((a, n) => a * inputs.radii![n]!),
        observed.eigenvalues,
        workspace,
        stream,
      );
    case 'separable': {
      const population =
        distribution.kind === 'toeplitz'
          ? toeplitzEigenvalues(distribution.correlation, dimension)
          : inputs.environment.backend
              .symmetricEigenvalues(
                (distribution as Extract<InputDistribution, { kind: 'covariance' }>).matrix,
                dimension,
              )
              .map((t) => Math.max(0, t));
      const sampler = samplerFor(distribution, dimension, task);
      const draw = (own: RandomStream) => {
        sampler(workspace, own);
        return workspace.eigenvalues(observed.weights!).slice();
      };
      return distancesWithNulls(separableAt(observed.weights!, population), dimension / samples, observed.eigenvalues, {
        count: task.nulls,
        draw,
        stream,
      });
    }
    case 'gaussian equivalent': {
      const { population, weights, factor } = featurePopulation(inputs.draw, inputs.block, inputs.environment.backend);
      const width = task.settings.width;
      const features = inputs.environment.workspace(width, samples);
      const draw = (own: RandomStream) => {
        features.drawInputs(own);
        multiplyRows(features.inputs, factor, width, samples);
        return features.eigenvalues(weights).slice();
      };
      return distancesWithNulls(separableAt(weights, population), width / samples, observed.eigenvalues, {
        count: task.nulls,
        draw,
        stream,
      });
    }
    default:
      return undefined;
  }
}

/** To the separable law of the drawn weights and the covariance of the data. */
function estimateDistance(
  { settings: { dimension, samples } }: SweepTask,
  { estimate }: ApplicableLaw,
  { observed: { eigenvalues, weights }, distribution, environment }: Omit<ApplicableInputs, 'stream'>,
): number | undefined {
  if (estimate === undefined || weights === undefined || distribution.kind !== 'data') return undefined;
  const population = dataPopulation(distribution, dimension, environment);
  return kolmogorovDistance(eigenvalues, separableAt(weights, population)(dimension / samples));
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
function limitDistance(task: SweepTask, inputs: Omit<ApplicableInputs, 'stream'>): number | undefined {
  const law = claimedLimitLaw(task, inputs);
  return law && kolmogorovDistance(inputs.observed.eigenvalues, law);
}

function claimedLimitLaw(
  task: SweepTask,
  { draw, block: name, formula }: Pick<ApplicableInputs, 'draw' | 'block' | 'formula'>,
): SpectralLaw | undefined {
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
