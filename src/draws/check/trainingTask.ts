/**
 * One training of a network, looked at along the way on its own data and on fresh data: what is seen at a mark, what
 * the theory says of the same blocks given the layers as they are then, and which exact statements are broken.
 */
import type { PlainLayer } from '../../../theory/names.js';
import { estimatedLaw } from '../../../theory/models/index.js';
import { measureMoment } from '../../../theory/measures/index.js';
import { kolmogorovDistance } from '../../../simulations/comparisons/index.js';
import type { ExactStatement, MarkObservation } from '../../../simulations/dynamics/index.js';
import type { Draw } from '../../../simulations/models/index.js';
import type { TrainingPlan } from '../../../simulations/training/index.js';
import type { TaskEnvironment } from '../environment.js';
import type { ExperimentTask } from './experimentTask.js';
import { blockClaim, weightsGivenInitialisation } from '../lawsOfDraw.js';
import type { Perturbation } from '../perturbation.js';
import { followTraining } from '../train/followTraining.js';
import type { Looks } from '../train/followTraining.js';
import type { MarkedNetwork } from '../train/trainedNetwork.js';
import { observeNetwork } from '../train/observeNetwork.js';
import { claimedLawGivenWeights } from './claimedSpectrum.js';
import { crossPartsOfDraw } from './crossTask.js';
import type { CrossTaskResult } from './crossTask.js';
import { blockWeights } from './lawTask.js';
import { normsOfDraw } from './normTask.js';
import type { NormTaskResult } from './normTask.js';

export interface TrainingTask extends ExperimentTask {
  readonly kind: 'training';
  /** Of the same settings. */
  readonly plan: TrainingPlan;
  readonly looks: Looks;
  /** Beside norms, scores and bounds. */
  readonly wanted: {
    /** Which blocks' norms are held against their expectations given the layers, on fresh data. */
    readonly norms: 'none' | 'within layers' | 'between layers';
    /** At the last mark, spectra of the first blocks against their laws given the drawn weights and given the layers. */
    readonly laws: boolean;
    /** The spectrum of the whole Hessian, and the statements that need it. */
    readonly wholeHessian: boolean;
  };
  readonly perturbation: Perturbation;
}

export interface TrainingTaskResult {
  readonly kind: 'training';
  /** In the order of marks, training data first. */
  readonly marks: readonly SeenMark[];
}

/** What is kept of an observation. */
export interface SeenMark extends Pick<
  MarkObservation,
  | 'step'
  | 'data'
  | 'loss'
  | 'accuracy'
  | 'residualPower'
  | 'gradientPower'
  | 'cross'
  | 'crossShare'
  | 'spectrum'
  | 'dead'
> {
  readonly layers: readonly Pick<MarkObservation['layers'][number], 'layer' | 'diagonal' | 'offDiagonal'>[];
  readonly units: readonly SeenUnit[];
  readonly blocks: readonly SeenBlock[];
  readonly exact: {
    /** Statements asked, by their names. */
    readonly asked: Readonly<Record<string, number>>;
    readonly broken: readonly Omit<ExactStatement, 'holds'>[];
  };
  /** The largest value of ‖R‖² that the loss allows. */
  readonly lossBound: number | null;
  readonly norms: GivenNorms | null;
}

/** Norms with their expectations given the layers. */
export interface GivenNorms {
  readonly layers: Readonly<Record<PlainLayer, Omit<NormTaskResult, 'kind'>>> | null;
  readonly cross: Omit<CrossTaskResult, 'kind'> | null;
}

export type SeenUnit = Pick<
  MarkObservation['units'][number],
  'slopePower' | 'residualPower' | 'residualRatio' | 'residualScore'
>;

export interface SeenBlock extends Omit<MarkObservation['blocks'][number], 'distances' | 'weights'> {
  readonly laws: BlockLaws | null;
}

/** A spectrum beside its laws. */
export interface BlockLaws {
  /** Kolmogorov distances. */
  readonly drawnWeights: number;
  readonly givenLayers: number | null;
  /** E a and E a² of the law given the layers, for inputs that the network has not seen. */
  readonly meanGivenLayers: number | null;
  readonly powerGivenLayers: number | null;
}

export async function performTrainingTask(
  task: TrainingTask,
  environment: TaskEnvironment,
): Promise<TrainingTaskResult> {
  const marks: SeenMark[] = [];
  const seed = `${task.seed}/${task.experiment}`;
  for await (const network of followTraining({ ...task, seed }, environment))
    marks.push(see(task, network, environment));
  return { kind: 'training', marks };
}

function see(task: TrainingTask, network: MarkedNetwork, environment: TaskEnvironment): SeenMark {
  const { plan, wanted, perturbation } = task;
  const { step, data, draw, directions, balance } = network;
  const seen = observeNetwork(draw, {
    ...{ step, data, directions, backend: environment.backend },
    ...(balance && { balance }),
    ...(wanted.wholeHessian ? {} : { largestSpectrumOrder: 0 }),
  });
  const { loss, accuracy, residualPower, gradientPower, cross, crossShare, spectrum, dead } = seen;
  return {
    ...{ step, data, loss, accuracy, residualPower, gradientPower, cross, crossShare, spectrum, dead },
    layers: seen.layers.map(({ layer, diagonal, offDiagonal }) => ({ layer, diagonal, offDiagonal })),
    units: seen.units.map((unit) => ({
      slopePower: unit.slopePower,
      residualPower: unit.residualPower,
      residualRatio: unit.residualRatio,
      residualScore: unit.residualScore,
    })),
    blocks: seen.blocks.map(({ distances: _none, weights: _unused, ...block }) => ({
      ...block,
      laws: wanted.laws && step === plan.marks.at(-1) ? lawsOfBlock(draw, block, perturbation) : null,
    })),
    exact: exactOf(seen.exact),
    lossBound: seen.exact.find(({ id }) => id === 'E6')?.right ?? null,
    norms:
      data === 'fresh' && wanted.norms !== 'none' ? normsGivenLayers(network, wanted.norms, task, environment) : null,
  };
}

/** Nearly all classes where that is cheap; the error of the cubature is 1 to 2 %, beside 5 % of sampling. */
const crossEffort = { mostOutputs: 32, points: 256 } as const;

function normsGivenLayers(
  { draw }: MarkedNetwork,
  which: 'within layers' | 'between layers',
  { perturbation }: TrainingTask,
  { backend }: TaskEnvironment,
): GivenNorms {
  if (which === 'between layers')
    return { layers: null, cross: crossPartsOfDraw(draw, backend, perturbation, crossEffort) };
  const ofLayer = (layer: PlainLayer) => normsOfDraw(draw, layer, perturbation);
  return { layers: { hidden: ofLayer('hidden'), output: ofLayer('output') }, cross: null };
}

function exactOf(statements: readonly ExactStatement[]): SeenMark['exact'] {
  const asked: Record<string, number> = {};
  for (const { id } of statements) asked[id] = (asked[id] ?? 0) + 1;
  return {
    asked,
    broken: statements.flatMap(({ holds, ...statement }) => (holds ? [] : [statement])),
  };
}

/** Of the law given the layers: its own error stays far below the distance that such a spectrum keeps from it. */
const layerPoints = 4096;

function lawsOfBlock(
  draw: Draw,
  block: { readonly i: number; readonly j: number },
  perturbation: Perturbation,
): BlockLaws {
  const { settings, workspace } = draw;
  const weights = blockWeights(draw, block);
  const eigenvalues = workspace.eigenvalues(weights).slice();
  const law = claimedLawGivenWeights(weights, settings.dimension, perturbation);
  const given = weightsGivenInitialisation({ ...blockClaim(settings, block, perturbation), points: layerPoints }, draw);
  const aspectRatio = (settings.dimension / settings.samples) * perturbation.aspectRatio;
  const distance = (claimed: Parameters<typeof kolmogorovDistance>[1]) => kolmogorovDistance(eigenvalues, claimed);
  return {
    drawnWeights: law === undefined ? NaN : distance(law),
    givenLayers: given === undefined ? null : distance(estimatedLaw(given, aspectRatio)),
    meanGivenLayers: given === undefined ? null : measureMoment(given.measure, 1),
    powerGivenLayers: given === undefined ? null : measureMoment(given.measure, 2),
  };
}
