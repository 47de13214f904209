/**
 * Squared norms of the two parts of cross-layer blocks (w_i, v_j) of one draw: the residual part, which fills column i
 * alone, and the curvature part, which fills every column.
 */
import { crossBlock } from '../../../../simulations/blocks/index.js';
import type { DrawSettings } from '../../../../simulations/contracts.js';
import { drawReplicate } from '../../../../simulations/models/index.js';
import { crossLayerNormsGivenReadout } from '../../../../theory/crossLayer/index.js';
import { gramOfRows } from '../claimedLaws.js';
import type { Perturbation } from '../perturbation.js';
import type { TaskEnvironment } from './environment.js';

export interface CrossTask {
  readonly kind: 'cross';
  readonly experiment: string;
  readonly settings: DrawSettings;
  readonly seed: string;
  readonly replicate: number;
  readonly perturbation: Perturbation;
}

/** Means over the blocks (w_i, v_1), i = 1 … m. */
export interface CrossTaskResult {
  readonly kind: 'cross';
  readonly residual: number;
  readonly curvature: number;
  /** ‖column i of the block‖² and ‖the other columns‖²: what a reader of the whole Hessian sees. */
  readonly column: number;
  readonly rest: number;
  /** Their expectations given V and W. */
  readonly expected: {
    readonly residual: number;
    readonly curvature: number;
    readonly column: number;
    readonly rest: number;
  };
}

export async function performCrossTask(task: CrossTask, environment: TaskEnvironment): Promise<CrossTaskResult> {
  const { settings } = task;
  const { dimension, width, classes } = settings;
  const workspace = environment.workspace(dimension, settings.samples);
  const draw = drawReplicate(settings, workspace, `${task.seed}/${task.experiment}`, task.replicate, {
    wanted: { hidden: [], output: [[0, 0]] },
  });
  const sums = { residual: 0, curvature: 0, column: 0, rest: 0 };
  for (let i = 0; i < width; i++) {
    const { residual, curvature, total } = crossBlock(draw, i, 0);
    for (let entry = 0; entry < total.length; entry++) {
      sums.residual += residual[entry]! ** 2;
      sums.curvature += curvature[entry]! ** 2;
      if (entry % width === i) sums.column += total[entry]! ** 2;
      else sums.rest += total[entry]! ** 2;
    }
  }
  const share = 1 / width;
  const expected = crossLayerNormsGivenReadout({
    loss: settings.loss,
    activation: task.perturbation.activation ?? settings.activation,
    classes,
    width,
    dimension,
    samples: Math.round(settings.samples / task.perturbation.aspectRatio),
    readout: draw.readout.rows([...Array(classes).keys()]),
    preactivationGram: gramOfRows(draw.hiddenLayer, width, dimension, task.perturbation.logitVariance),
    outputs: [0],
  });
  return {
    kind: 'cross',
    residual: sums.residual * share,
    curvature: sums.curvature * share,
    column: sums.column * share,
    rest: sums.rest * share,
    expected: {
      residual: expected.residual,
      curvature: expected.curvature,
      column: expected.column,
      rest: expected.otherColumns,
    },
  };
}
