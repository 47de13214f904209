/**
 * Output blocks of one draw of the hidden model. They are m×m with m fixed, so that their law is a law of large
 * numbers: given V and W the block tends to a matrix as N grows, and its eigenvalues to those of that matrix
 * (paper-notes.md, output blocks).
 */
import { outputBlock } from '../../../simulations/blocks/index.js';
import { drawReplicate } from '../../../simulations/models/index.js';
import type { Draw } from '../../../simulations/models/index.js';
import { initialisationScheme } from '../../../theory/weights/index.js';
import { outputBlockMean } from '../../../theory/norms/index.js';
import { scaledIdentity } from '../../../theory/numerics/gramFactor.js';
import { cubatureKernels } from '../cubatureKernels.js';
import { gramOfRows } from '../lawsOfDraw.js';
import type { BlockRequest } from '../lawsOfDraw.js';
import { statedOf } from '../perturbation.js';
import type { ClaimedLaw, LawIdentity, Perturbation } from '../perturbation.js';
import type { TaskEnvironment } from '../environment.js';
import type { ExperimentTask } from './experimentTask.js';

export interface OutputTask extends ExperimentTask {
  readonly kind: 'output';
  readonly blocks: readonly BlockRequest[];
  readonly claimed: readonly ClaimedLaw[];
  /** Eigenvalues against those of both levels, for the law stated: for draws that are shown. */
  readonly levels: boolean;
}

export interface OutputTaskResult {
  readonly kind: 'output';
  readonly blocks: readonly OutputBlockResult[];
}

export interface OutputBlockResult {
  readonly block: BlockRequest;
  readonly vanishes: boolean;
  /** Ascending, m of them. */
  readonly eigenvalues: Float64Array;
  readonly claims: readonly OutputFinding[];
  readonly levels: OutputLevels | undefined;
}

/** One block against one claimed law: relative errors with mean zero over draws of the inputs, where it holds. */
export interface OutputFinding extends LawIdentity {
  /** tr H / tr E[H | V, W] − 1. */
  readonly trace: number;
  /** ⟨H, E⟩ / ⟨E, E⟩ − 1, E = E[H | V, W]. */
  readonly projection: number;
}

/** One block against the law stated, at the two levels that are not trivial. */
export interface OutputLevels {
  /** Eigenvalues of the limit matrix given V (W Wᵀ at its limit), and given V and W. */
  readonly predicted: readonly [limit: Float64Array, initialisation: Float64Array];
  /** max |λ_k − predicted λ_k| over the largest |predicted|. */
  readonly distances: readonly [limit: number, initialisation: number];
}

export async function performOutputTask(task: OutputTask, environment: TaskEnvironment): Promise<OutputTaskResult> {
  const { settings } = task;
  const { dimension, samples } = settings;
  const workspace = environment.workspace(dimension, samples);
  const draw = drawReplicate(settings, workspace, `${task.seed}/${task.experiment}`, task.replicate, {
    wanted: { hidden: [], output: task.blocks.map(({ i, j }) => [i, j] as [number, number]) },
  });
  return { kind: 'output', blocks: task.blocks.map((block) => outputResult(task, draw, block, environment)) };
}

function outputResult(
  task: OutputTask,
  draw: Draw,
  block: BlockRequest,
  { backend }: TaskEnvironment,
): OutputBlockResult {
  const { width, dimension } = task.settings;
  const eigenvaluesOf = (matrix: Float64Array) => backend.symmetricEigenvalues(matrix, width);
  const observed = outputBlock(draw, block.i, block.j);
  const vanishes = observed.every((entry) => entry === 0);
  const eigenvalues = eigenvaluesOf(observed);
  if (vanishes) return { block, vanishes, eigenvalues, claims: [], levels: undefined };
  const means = task.claimed.map(({ law, perturbation }) => {
    const gram = gramOfRows(draw.hiddenLayer, width, dimension, perturbation.logitVariance);
    return { law, matrix: expectedBlock(task, draw, block, perturbation, gram) };
  });
  const levels = (): OutputLevels => {
    const predicted = [eigenvaluesOf(limitBlock(task, draw, block)), eigenvaluesOf(statedOf(means).matrix)] as const;
    return { predicted, distances: [spectralGap(eigenvalues, predicted[0]), spectralGap(eigenvalues, predicted[1])] };
  };
  return {
    block,
    vanishes,
    eigenvalues,
    claims: means.map(({ law, matrix }) => ({
      law,
      trace: trace(observed, width) / trace(matrix, width) - 1,
      projection: inner(observed, matrix) / inner(matrix, matrix) - 1,
    })),
    levels: task.levels ? levels() : undefined,
  };
}

/** E[H | V, W], W through its rows' inner products. */
function expectedBlock(
  { settings }: OutputTask,
  draw: Draw,
  { i, j }: BlockRequest,
  { activation = settings.activation }: Perturbation,
  preactivationGram: Float64Array,
): Float64Array {
  const { loss, classes, width } = settings;
  const readout = draw.readout.rows([...Array(classes).keys()]);
  const layers = { loss, activation, readout, classes, width, i, j, preactivationGram };
  return outputBlockMean({ ...layers, kernels: cubatureKernels() }).matrix;
}

/** E[H | V] under the law stated, with W Wᵀ at its limit. */
function limitBlock(task: OutputTask, draw: Draw, block: BlockRequest): Float64Array {
  const { perturbation } = statedOf(task.claimed);
  const { width, initialisation } = task.settings;
  const { hidden } = initialisationScheme(initialisation, { ...task.settings });
  const gram = scaledIdentity(width, (hidden?.varianceFactor ?? 1) * perturbation.logitVariance);
  return expectedBlock(task, draw, block, perturbation, gram);
}

function spectralGap(eigenvalues: Float64Array, predicted: Float64Array): number {
  let gap = 0;
  let size = 0;
  for (let k = 0; k < predicted.length; k++) {
    gap = Math.max(gap, Math.abs(eigenvalues[k]! - predicted[k]!));
    size = Math.max(size, Math.abs(predicted[k]!));
  }
  return gap / size;
}

function trace(matrix: Float64Array, order: number): number {
  let sum = 0;
  for (let k = 0; k < order; k++) sum += matrix[k * order + k]!;
  return sum;
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}
