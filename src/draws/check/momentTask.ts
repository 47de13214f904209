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
import { columnOf, dot, rowOf, sumOfSquares } from '../../../simulations/linalg/index.js';
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
      const a = weights[2 * n]!;
      const b = weights[2 * n + 1]!;
      row[kind]! += share * weightNorm(weights, aspectRatio, 2 * n, 2);
      row[2 + kind]! += (share * (a + b)) / 2;
      row[4 + kind]! += (share * (a * a + b * b)) / 2;
    });
  }
  return rows;
}

/** γ E a² + (E a)² of one V from `count` of its weights, unbiased. */
function weightNorm(weights: Float64Array, aspectRatio: number, first = 0, count = weights.length): number {
  let sum = 0;
  let squares = 0;
  for (let n = first; n < first + count; n++) {
    sum += weights[n]!;
    squares += weights[n]! * weights[n]!;
  }
  return (aspectRatio * squares) / count + (sum * sum - squares) / (count * (count - 1));
}

/** ‖E a h hᵀ‖² of one V, unbiased: products a_n a_k (h_n·h_k)² over pairs of samples. */
function outputNorms(draw: Draw, blocks: readonly Block[]): number[] {
  const inner = featureProducts(draw);
  const mean = meanOverPairs(inner.map((row) => multiply(row, row)));
  return meanByKind(blocks, ([i, j]) => mean(outputWeights(draw, i, j)));
}

/**
 * Means over the blocks (w_i, v_j) of γ E s² + ‖E z s‖², z the inputs of a draw in the limit, summed over the columns of each part.
 * Unbiased: products s_n s_k z_n·z_k over pairs of samples. The columns of the curvature part have s = b h_l, l = 1 … m, so
 * that all of them together are γ E b²|h|² and products b_n b_k (h_n·h_k)(z_n·z_k).
 */
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
  const inner = featureProducts(draw);
  const products = inputProducts(draw);
  const ofInputs = meanOverPairs(products);
  const ofBoth = meanOverPairs(products.map((row, n) => multiply(row, inner[n]!)));
  const lengths = Float64Array.from({ length: samples }, (_, n) => sumOfSquares(columnOf(features, n, samples)));
  const column = (scalars: Float64Array): number => (aspectRatio * sumOfSquares(scalars)) / samples + ofInputs(scalars);
  // Written over: a batch has a hundred thousand of them.
  const [bent, own, squares] = [new Float64Array(samples), new Float64Array(samples), new Float64Array(samples)];
  const total = [0, 0, 0, 0];
  for (const i of units) {
    const slope = rowOf(slopes, i, samples);
    const feature = rowOf(features, i, samples);
    for (const residual of residuals) total[0]! += (outputs.length / classes) * column(multiply(slope, residual, own));
    for (const j of outputs) {
      multiply(slope, mixedCurvature(draw, i, j), bent);
      const all = (aspectRatio * dot(multiply(bent, bent, squares), lengths)) / samples + ofBoth(bent);
      total[1]! += all;
      total[3]! += all - column(multiply(bent, feature, own));
      for (let n = 0; n < samples; n++) own[n]! += slope[n]! * residuals[j]![n]!;
      total[2]! += column(own);
    }
  }
  return total.map((sum) => sum / (width * outputs.length));
}

/** h_n·h_k, row n with its k < n. */
function featureProducts({ settings: { samples, width }, features }: Draw): Float64Array[] {
  return Array.from({ length: samples }, (_, n) => {
    const row = new Float64Array(n);
    for (let unit = 0, at = 0; unit < width; unit++, at += samples)
      for (let k = 0; k < n; k++) row[k]! += features[at + n]! * features[at + k]!;
    return row;
  });
}

/** z_n·z_k, row n with its k < n. */
function inputProducts({ settings: { samples, dimension }, workspace: { inputs } }: Draw): Float64Array[] {
  return Array.from({ length: samples }, (_, n) => {
    const own = rowOf(inputs, n, dimension);
    return Float64Array.from({ length: n }, (_unused, k) => dot(own, rowOf(inputs, k, dimension)));
  });
}

/** Of scalars s, the mean of s_n s_k times the product over ordered pairs of different samples. */
function meanOverPairs(products: readonly Float64Array[]): (scalars: Float64Array) => number {
  const samples = products.length;
  const image = new Float64Array(samples);
  return (scalars) => {
    image.fill(0);
    for (let n = 0; n < samples; n++) {
      const scalar = scalars[n]!;
      // Shut gates, half of the samples of a ReLU unit.
      if (scalar === 0) continue;
      const row = products[n]!;
      for (let k = 0; k < n; k++) image[k]! += scalar * row[k]!;
    }
    return (2 * dot(image, scalars)) / (samples * (samples - 1));
  };
}

function multiply(first: Float64Array, second: Float64Array, out = new Float64Array(first.length)): Float64Array {
  for (let n = 0; n < out.length; n++) out[n] = first[n]! * second[n]!;
  return out;
}

function sumOf(values: Float64Array, term: (value: number) => number): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += term(values[k]!);
  return sum;
}
