/**
 * Squared Frobenius norms of diagonal and off-diagonal blocks of one draw. No eigenvalue is computed. Several blocks of
 * a draw share V, so they are averaged here and the draw counts once.
 */
import type { Layer, Model } from '../../../theory/contracts.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { drawReplicate, layerOf, modelOf } from '../../../simulations/models/index.js';
import type { Draw } from '../../../simulations/models/index.js';
import { blockNormsGivenLayers } from '../../../theory/norms/index.js';
import { cubatureKernels } from '../cubatureKernels.js';
import { gramOfRows } from '../lawsOfDraw.js';
import type { Perturbation } from '../perturbation.js';
import type { TaskEnvironment } from '../environment.js';
import type { ExperimentTask } from './experimentTask.js';

export interface NormTask extends ExperimentTask {
  readonly kind: 'norm';
  readonly layer: Layer;
  readonly perturbation: Perturbation;
}

export interface NormTaskResult {
  readonly kind: 'norm';
  /** Mean over the blocks read of ‖H_ii‖²_F and of ‖H_ij‖²_F. */
  readonly diagonal: number;
  readonly offDiagonal: number;
  /**
   * E of the two norms given V and W; `undefined` of a model without W, whose norms are predicted over V.
   */
  readonly expected: { readonly diagonal: number; readonly offDiagonal: number } | undefined;
}

/** Blocks read of each kind: small ones cost next to nothing, and their average over one V has lighter tails. */
const mostRead = { large: 4, small: 16 } as const;

function blocksRead(settings: DrawSettings, layer: Layer): { diagonal: Block[]; offDiagonal: Block[] } {
  const { count, weights } = layerOf(modelOf(settings), layer);
  const rows = count(settings);
  const read = Math.min(rows, weights ? mostRead.large : mostRead.small);
  const diagonal = Array.from({ length: read }, (_, k): Block => [k, k]);
  const offDiagonal = Array.from({ length: rows === 2 ? 1 : read }, (_, k): Block => [k, (k + 1) % rows]);
  return { diagonal, offDiagonal };
}

export async function performNormTask(task: NormTask, environment: TaskEnvironment): Promise<NormTaskResult> {
  const { settings, layer } = task;
  const workspace = environment.workspace(settings.dimension, settings.samples);
  const { diagonal, offDiagonal } = blocksRead(settings, layer);
  const draw = drawReplicate(settings, workspace, `${task.seed}/${task.experiment}`, task.replicate, {
    wanted: { [layer]: [...diagonal, ...offDiagonal] },
  });
  return { kind: 'norm', ...normsOfDraw(draw, layer, task.perturbation) };
}

/** Of a draw with its inputs in the workspace, whether it was drawn at initialisation or trained. */
export function normsOfDraw(draw: Draw, layer: Layer, perturbation: Perturbation): Omit<NormTaskResult, 'kind'> {
  const { settings, workspace } = draw;
  const { weights, matrix } = layerOf(draw.model, layer);
  const { diagonal, offDiagonal } = blocksRead(settings, layer);
  const blocks = [...diagonal, ...offDiagonal];
  const norms = weights
    ? workspace.squaredFrobeniusNorms(blocks.map(([i, j]) => weights(draw, i, j)))
    : blocks.map(([i, j]) => sumOfSquares(matrix(draw, i, j)));
  return {
    diagonal: mean(norms.slice(0, diagonal.length)),
    offDiagonal: mean(norms.slice(diagonal.length)),
    expected: expectedNorms[settings.model]?.({ settings, layer, perturbation }, draw, diagonal, offDiagonal),
  };
}

type Block = [number, number];

type ExpectedNorms = (
  task: Pick<NormTask, 'settings' | 'layer' | 'perturbation'>,
  draw: Draw,
  diagonal: readonly Block[],
  offDiagonal: readonly Block[],
) => NonNullable<NormTaskResult['expected']>;

/** Norms given the layers below the readout; undefined of a model without any, or where they are not computed. */
const expectedNorms: Readonly<Record<Model, ExpectedNorms | undefined>> = {
  linear: undefined,
  hidden: expectedHiddenNorms,
  deep: undefined,
};

function expectedHiddenNorms(
  { settings, layer, perturbation }: Pick<NormTask, 'settings' | 'layer' | 'perturbation'>,
  draw: Draw,
  diagonal: readonly Block[],
  offDiagonal: readonly Block[],
) {
  const activation = perturbation.activation ?? settings.activation;
  const { classes, width, dimension, samples, loss } = settings;
  const norms = blockNormsGivenLayers({
    layer,
    loss,
    activation,
    readout: draw.readout.rows([...Array(classes).keys()]),
    classes,
    width,
    dimension,
    samples: Math.round(samples / perturbation.aspectRatio),
    preactivationGram: gramOfRows(draw.hiddenLayer, width, dimension, perturbation.logitVariance),
    blocks: [...diagonal, ...offDiagonal],
    kernels: cubatureKernels(),
  }).map(({ squaredNorm }) => squaredNorm);
  return { diagonal: mean(norms.slice(0, diagonal.length)), offDiagonal: mean(norms.slice(diagonal.length)) };
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k]!;
  return sum / values.length;
}

function sumOfSquares(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k]! ** 2;
  return sum;
}
