/**
 * One Hessian as a picture: absolute values averaged over the entries under a pixel, with the Frobenius norms of its
 * blocks.
 */
import type { HeatMap } from '../../../figures/results.js';
import { hessianHeatMap, hiddenBlock, hiddenBlockNorms } from '../../../simulations/blocks/index.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { drawReplicate } from '../../../simulations/models/index.js';
import type { Draw } from '../../../simulations/models/index.js';
import type { TaskEnvironment } from '../environment.js';

export interface HeatMapTask {
  readonly kind: 'heat map';
  readonly experiment: string;
  readonly settings: DrawSettings;
  readonly part: 'whole' | 'hidden' | 'linear';
  readonly seed: string;
}

export interface HeatMapTaskResult {
  readonly kind: 'heat map';
  readonly map: HeatMap;
}

/** Side of a picture: more than a column of a paper shows, little enough for a report. */
const pixels = 192;

/** Rows and columns of a table of block norms at most; a larger one keeps its first. */
const largestTable = 48;

export async function performHeatMapTask(task: HeatMapTask, environment: TaskEnvironment): Promise<HeatMapTaskResult> {
  const { settings, part } = task;
  const { model, loss, initialisation, activation, dimension, samples, classes, width } = settings;
  const workspace = environment.workspace(dimension, samples);
  const draw = drawReplicate(settings, workspace, `${task.seed}/${task.experiment}`, 0);
  const picture =
    part === 'hidden' ? hiddenPicture(draw) : hessianHeatMap(draw, environment.backend, { pixels, reduce: 'mean' });
  const norms = [
    ...(model === 'hidden' ? [{ label: 'w–w', order: width, values: picture.hiddenNorms }] : []),
    ...(part === 'hidden' ? [] : [{ label: 'v–v', order: classes, values: picture.outputNorms }]),
  ];
  return {
    kind: 'heat map',
    map: {
      id: task.experiment,
      label: `${model}, ${loss}, ${initialisation}, C = ${classes}`,
      part,
      model,
      loss,
      dimension,
      samples,
      classes,
      ...(model === 'hidden' ? { width, activation } : {}),
      initialisation,
      seed: task.seed,
      rows: picture.pixels,
      columns: picture.pixels,
      values: Array.from(picture.values, fourDigits),
      order: picture.order,
      blocks: blocksOf(settings, part),
      norms: norms.map(({ label, order, values }) => leadingTable(label, order, values)),
    },
  };
}

function hiddenPicture(draw: Draw) {
  const { width, dimension } = draw.settings;
  const order = width * dimension;
  const side = Math.min(pixels, order);
  const values = new Float64Array(side * side);
  const counts = new Float64Array(side);
  const pixelOf = Int32Array.from({ length: order }, (_, row) => Math.floor((row * side) / order));
  for (const pixel of pixelOf) counts[pixel]!++;
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++) {
      const block = hiddenBlock(draw, i, j);
      for (let a = 0; a < dimension; a++) {
        const row = pixelOf[i * dimension + a]! * side;
        for (let b = 0; b < dimension; b++)
          values[row + pixelOf[j * dimension + b]!]! += Math.abs(block[a * dimension + b]!);
      }
    }
  }
  for (let a = 0; a < side; a++) for (let b = 0; b < side; b++) values[a * side + b]! /= counts[a]! * counts[b]!;
  return { pixels: side, values, order, hiddenNorms: hiddenBlockNorms(draw), outputNorms: new Float64Array(0) };
}

function blocksOf(
  { model, dimension, classes, width }: DrawSettings,
  part: HeatMapTask['part'],
): { start: number; label: string }[] {
  if (model === 'linear')
    return Array.from({ length: classes }, (_, c) => ({ start: c * dimension, label: `v_${c + 1}` }));
  const hidden = Array.from({ length: width }, (_, i) => ({ start: i * dimension, label: `w_${i + 1}` }));
  return part === 'hidden' ? hidden : [...hidden, { start: width * dimension, label: 'V' }];
}

function leadingTable(label: string, order: number, values: Float64Array) {
  const kept = Math.min(order, largestTable);
  const leading = Array.from({ length: kept * kept }, (_, k) =>
    fourDigits(values[Math.floor(k / kept) * order + (k % kept)]!),
  );
  return { label: kept < order ? `${label} (first ${kept})` : label, order: kept, values: leading };
}

function fourDigits(value: number): number {
  return Number(value.toPrecision(4));
}
