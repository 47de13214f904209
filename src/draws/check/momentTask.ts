/**
 * Many small draws as one task: means and covariances of statistics of a draw, for expectations over the initialisation
 * that a few large draws see only roughly.
 *
 * Most are draws of the limit d → ∞ (`drawLimit`), with no error of finite d to allow for. There a squared norm is
 * E‖H‖²/d = γ E a² + E_V[(E_x a)²] for a d×d block, ‖E a h hᵀ‖² for an output block, and γ E s² + ‖E z s‖² for a
 * column (1/N) Σ x_n s_n of a cross-layer block; squares of means are products over distinct samples of one V, which
 * no sampling noise biases.
 */
import { mixedCurvature, outputResidual, outputWeights } from '../../../simulations/blocks/index.js';
import { momentsOfRows } from '../../../simulations/comparisons/index.js';
import type { RowMoments } from '../../../simulations/comparisons/index.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { drawLimit, drawReplicate, weightedLayer } from '../../../simulations/models/index.js';
import type { Draw } from '../../../simulations/models/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import type { Perturbation } from '../perturbation.js';
import type { TaskEnvironment } from '../environment.js';
import type { ExperimentTask } from './experimentTask.js';

/**
 * What is drawn and which statistics a row has:
 *
 * - 'linear norms', at this d and N: ‖H_ii‖²/d, ‖H_ij‖²/d, then as the last four of
 * - 'linear weights', in the limit: squared norms of both blocks, then the means of a and a² on and off the diagonal;
 * - 'hidden norms' and 'output norms', in the limit: squared norms of both blocks, averaged over those of a draw;
 * - 'cross norms', in the limit: those of the residual part, the curvature part, column i and the other columns.
 */
export type MomentSubject = 'linear norms' | 'linear weights' | 'hidden norms' | 'output norms' | 'cross norms';

export interface MomentTask extends ExperimentTask {
  readonly kind: 'moments';
  readonly subject: MomentSubject;
  /** In the limit `dimension` is the number of directions, and `samples` the inputs that share a V. */
  readonly settings: DrawSettings;
  /** γ of the limit; d/N where d and N are those drawn. */
  readonly aspectRatio: number;
  readonly draws: number;
  /** Number of the batch. */
  readonly replicate: number;
  readonly perturbation: Perturbation;
}

export interface MomentTaskResult {
  readonly kind: 'moments';
  readonly moments: RowMoments;
}

type Block = readonly [number, number];

export async function performMomentTask(task: MomentTask, environment: TaskEnvironment): Promise<MomentTaskResult> {
  const { settings, subject, draws, replicate, aspectRatio } = task;
  const workspace = environment.workspace(settings.dimension, settings.samples);
  const seed = `${task.seed}/${task.experiment}`;
  const stream = randomStream(seed, 'moments', replicate);
  const rows: number[][] = [];
  for (let r = 0; r < draws; r++) {
    switch (subject) {
      case 'linear norms':
        rows.push(linearNorms(drawReplicate(settings, workspace, seed, replicate * draws + r)));
        break;
      case 'linear weights': {
        const blocks = blocksUpTo(Math.min(settings.classes, largestOutputs));
        const draw = drawLimit(settings, workspace, stream, { output: blocks });
        rows.push(...pairsOfWeights(draw, blocks, aspectRatio));
        break;
      }
      case 'hidden norms': {
        const blocks = blocksUpTo(settings.width);
        const draw = drawLimit(settings, workspace, stream, { hidden: blocks });
        rows.push(
          meanByKind(blocks, ([i, j]) => weightNorm(weightedLayer(draw.model).weights(draw, i, j), aspectRatio)),
        );
        break;
      }
      case 'output norms': {
        const blocks = blocksUpTo(Math.min(settings.classes, largestOutputs));
        rows.push(outputNorms(drawLimit(settings, workspace, stream, { output: blocks }), blocks));
        break;
      }
      case 'cross norms':
        rows.push(crossNorms(drawLimit(settings, workspace, stream, {}), aspectRatio));
        break;
    }
  }
  return { kind: 'moments', moments: momentsOfRows(rows) };
}

const linearBlocks: readonly Block[] = [
  [0, 0],
  [0, 1],
];

/** Classes of a draw whose blocks are averaged: they share V, and more of them add little. */
const largestOutputs = 8;

/** All blocks (i, j), j ≤ i < count. */
function blocksUpTo(count: number): Block[] {
  return Array.from({ length: count }, (_, i) => Array.from({ length: i + 1 }, (_unused, j): Block => [i, j])).flat();
}

function kindOf([i, j]: Block): 0 | 1 {
  return i === j ? 0 : 1;
}

/** Mean over the diagonal and over the off-diagonal blocks. */
function meanByKind(blocks: readonly Block[], value: (block: Block) => number): number[] {
  const sums = [0, 0];
  const counts = [0, 0];
  for (const block of blocks) {
    const kind = kindOf(block);
    sums[kind]! += value(block);
    counts[kind]!++;
  }
  return sums.map((sum, kind) => sum / counts[kind]!);
}

function linearNorms(draw: Draw): number[] {
  const { dimension, samples } = draw.settings;
  const { weights: weightsOf } = weightedLayer(draw.model);
  const weights = linearBlocks.map(([i, j]) => weightsOf(draw, i, j));
  return [
    ...draw.workspace.squaredFrobeniusNorms(weights).map((norm) => norm / dimension),
    ...weights.map((a) => sumOf(a, (value) => value) / samples),
    ...weights.map((a) => sumOf(a, (value) => value * value) / samples),
  ];
}

/**
 * In the limit the logits of one sample do not depend on those of another, whatever V: a row is a pair of samples,
 * averaged over the blocks of each kind.
 */
function pairsOfWeights(draw: Draw, blocks: readonly Block[], aspectRatio: number): number[][] {
  const pairs = Math.floor(draw.settings.samples / 2);
  const rows = Array.from({ length: pairs }, () => [0, 0, 0, 0, 0, 0]);
  const counts = [0, 1].map((kind) => blocks.filter((block) => kindOf(block) === kind).length);
  for (const [i, j] of blocks) {
    const kind = kindOf([i, j]);
    const share = 1 / counts[kind]!;
    const weights = weightedLayer(draw.model).weights(draw, i, j);
    rows.forEach((row, n) => {
      const pair = weights.subarray(2 * n, 2 * n + 2);
      const [a, b] = pair as unknown as readonly [number, number];
      row[kind]! += share * weightNorm(pair, aspectRatio);
      row[2 + kind]! += (share * (a + b)) / 2;
      row[4 + kind]! += (share * (a * a + b * b)) / 2;
    });
  }
  return rows;
}

/** γ E a² + (E a)² of one V, unbiased. */
function weightNorm(weights: Float64Array, aspectRatio: number): number {
  const count = weights.length;
  const sum = sumOf(weights, (value) => value);
  const squares = sumOf(weights, (value) => value * value);
  return (aspectRatio * squares) / count + (sum * sum - squares) / (count * (count - 1));
}

/** ‖E a h hᵀ‖² of one V, unbiased: products a_n a_k (h_n·h_k)² over pairs of samples. */
function outputNorms(draw: Draw, blocks: readonly Block[]): number[] {
  const { samples, width } = draw.settings;
  const { features } = draw;
  const squares: Float64Array[] = [];
  for (let n = 0; n < samples; n++) {
    const row = new Float64Array(n);
    for (let k = 0; k < n; k++) {
      let inner = 0;
      for (let unit = 0; unit < width; unit++) inner += features[unit * samples + n]! * features[unit * samples + k]!;
      row[k] = inner * inner;
    }
    squares.push(row);
  }
  return meanByKind(blocks, ([i, j]) => {
    const weights = outputWeights(draw, i, j);
    let sum = 0;
    for (let n = 0; n < samples; n++) sum += weights[n]! * sumOf(squares[n]!, (square, k) => weights[k]! * square);
    return (2 * sum) / (samples * (samples - 1));
  });
}

/** Means over the blocks (w_i, v_j) of γ E s² + ‖E z s‖², summed over the columns of each part. */
function crossNorms(draw: Draw, aspectRatio: number): number[] {
  const { samples, width, classes } = draw.settings;
  const { slopes, features } = draw;
  const outputs = [...Array(Math.min(classes, largestOutputs)).keys()];
  const units = [...Array(width).keys()];
  // Few samples have the label of one class: the residual part, which lives on them, is averaged over all classes.
  const everyClass = [...Array(classes).keys()];
  draw.statistics.prepare({
    cross: units.flatMap((i) => outputs.map((j): Block => [i, j])),
    output: everyClass.map((j): Block => [j, j]),
  });
  const residuals = everyClass.map((j) => outputResidual(draw, j));
  const total = [0, 0, 0, 0];
  const column = new Float64Array(samples);
  const norm = (scalar: (n: number) => number): number => {
    for (let n = 0; n < samples; n++) column[n] = scalar(n);
    return columnNorm(draw, column, aspectRatio);
  };
  for (const i of units) {
    const slope = slopes.subarray(i * samples, (i + 1) * samples);
    for (const residual of residuals) total[0]! += (outputs.length / classes) * norm((n) => slope[n]! * residual[n]!);
    outputs.forEach((j) => {
      const residual = residuals[j]!;
      const bend = mixedCurvature(draw, i, j);
      for (const k of units) {
        const feature = features.subarray(k * samples, (k + 1) * samples);
        const curvature = norm((n) => slope[n]! * bend[n]! * feature[n]!);
        total[1]! += curvature;
        if (k === i) total[2]! += norm((n) => slope[n]! * (residual[n]! + bend[n]! * feature[n]!));
        else total[3]! += curvature;
      }
    });
  }
  return total.map((sum) => sum / (width * outputs.length));
}

/** γ E s² + ‖E z s‖², unbiased, z the inputs of a draw in the limit. */
function columnNorm(draw: Draw, scalars: Float64Array, aspectRatio: number): number {
  const { samples, dimension } = draw.settings;
  const { inputs } = draw.workspace;
  const sums = new Float64Array(dimension);
  let [squares, own] = [0, 0];
  // Along memory: one sample after another.
  for (let n = 0, at = 0; n < samples; n++) {
    const scalar = scalars[n]!;
    // Shut gates, half of the samples of a ReLU unit.
    if (scalar === 0) {
      at += dimension;
      continue;
    }
    squares += scalar * scalar;
    for (let a = 0; a < dimension; a++, at++) {
      const value = scalar * inputs[at]!;
      sums[a]! += value;
      own += value * value;
    }
  }
  const squaresOfSums = sumOf(sums, (sum) => sum * sum);
  return (aspectRatio * squares) / samples + (squaresOfSums - own) / (samples * (samples - 1));
}

function sumOf(values: Float64Array, term: (value: number, index: number) => number): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += term(values[k]!, k);
  return sum;
}
