/**
 * Squared norms of the two parts of cross-layer blocks (w_i, v_j) of one draw: the residual part, which fills column i
 * alone, and the curvature part, which fills every column.
 */
import { crossBlockNorms } from '../../../simulations/blocks/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import { drawReplicate } from '../../../simulations/models/index.js';
import type { Draw } from '../../../simulations/models/index.js';
import { crossLayerNormsGivenReadout } from '../../../theory/norms/crossLayer.js';
import { cubatureKernels } from '../cubatureKernels.js';
import { gramOfRows } from '../lawsOfDraw.js';
import type { Perturbation } from '../perturbation.js';
import type { TaskEnvironment } from '../environment.js';
import type { ExperimentTask } from './experimentTask.js';

export interface CrossTask extends ExperimentTask {
  readonly kind: 'cross';
  readonly perturbation: Perturbation;
}

/** Mean squared norms over the blocks (w_i, v_j), i = 1 … m, of the first few j. */
export interface CrossParts {
  readonly residual: number;
  readonly curvature: number;
  /** ‖column i of the block‖² and ‖the other columns‖²: what a reader of the whole Hessian sees. */
  readonly column: number;
  readonly otherColumns: number;
}

export interface CrossTaskResult extends CrossParts {
  readonly kind: 'cross';
  /** Their expectations given V and W. */
  readonly expected: CrossParts;
}

/** For each of eight shifts: an error near 1 %, independent between draws, beside 4 to 10 % of sampling. */
const cubaturePoints = 512;

/** Classes averaged over: the number of samples with one label fluctuates, and more of them add little. */
const largestOutputs = 8;

export async function performCrossTask(task: CrossTask, environment: TaskEnvironment): Promise<CrossTaskResult> {
  const { settings } = task;
  const workspace = environment.workspace(settings.dimension, settings.samples);
  const draw = drawReplicate(settings, workspace, `${task.seed}/${task.experiment}`, task.replicate, {
    wanted: {},
  });
  return { kind: 'cross', ...crossPartsOfDraw(draw, environment.backend, task.perturbation) };
}

/**
 * Of a draw with its inputs in the workspace, whether it was drawn at initialisation or trained.
 *
 * With `mostOutputs` all classes the number of labels does not fluctuate.
 */
export function crossPartsOfDraw(
  draw: Draw,
  backend: Backend,
  perturbation: Perturbation,
  { mostOutputs = largestOutputs, points = cubaturePoints } = {},
): Omit<CrossTaskResult, 'kind'> {
  const { settings } = draw;
  const { dimension, width, classes } = settings;
  const outputs = [...Array(Math.min(classes, mostOutputs)).keys()];
  const measured = crossBlockNorms(draw, backend, outputs);
  const expected = crossLayerNormsGivenReadout({
    loss: settings.loss,
    activation: perturbation.activation ?? settings.activation,
    classes,
    width,
    dimension,
    samples: Math.round(settings.samples / perturbation.aspectRatio),
    readout: draw.readout.rows([...Array(classes).keys()]),
    preactivationGram: gramOfRows(draw.hiddenLayer, width, dimension, perturbation.logitVariance),
    outputs,
    points,
    kernels: cubatureKernels(),
  });
  return { ...partsOf(measured), expected: partsOf(expected) };
}

function partsOf({ residual, curvature, column, otherColumns }: CrossParts): CrossParts {
  return { residual, curvature, column, otherColumns };
}
