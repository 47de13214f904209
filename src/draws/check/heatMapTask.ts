/**
 * One Hessian as a picture: absolute values averaged over the entries under a pixel, with the Frobenius norms of its
 * blocks.
 */
import { layers as layerNames, modelTraits, type Layer } from '../../../theory/names.js';
import type { HeatMap } from '../../../figures/results.js';
import { hessianHeatMap } from '../../../simulations/blocks/index.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { drawReplicate, type LayerBlocks } from '../../../simulations/models/index.js';
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
  const { model, loss, initialisation, dimension, samples, classes } = settings;
  const workspace = environment.workspace(dimension, samples);
  const draw = drawReplicate(settings, workspace, `${task.seed}/${task.experiment}`, 0);
  const layers = draw.model.layers.filter(({ layer }) => !isLayer(part) || layer === part);
  const picture = hessianHeatMap(draw, environment.backend, {
    pixels,
    reduce: 'mean',
    ...(isLayer(part) ? { layer: part } : {}),
  });
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
      ...Object.fromEntries(modelTraits[model].settings.map((name) => [name, settings[name]])),
      initialisation,
      seed: task.seed,
      rows: picture.pixels,
      columns: picture.pixels,
      values: Array.from(picture.values, fourDigits),
      order: picture.order,
      blocks: blocksOf(layers, settings),
      norms: layers.map(({ layer, symbol, count }) => {
        const row = symbol.toLowerCase();
        return leadingTable(`${row}–${row}`, count(settings), picture[`${layer}Norms`]);
      }),
    },
  };
}

/** Whether a picture is of the blocks of one layer and not of the whole Hessian. */
function isLayer(part: HeatMapTask['part']): part is HeatMapTask['part'] & Layer {
  return (layerNames as readonly string[]).includes(part);
}

/** The rows of the first layer by name, the others by their matrix. */
function blocksOf(layers: readonly LayerBlocks[], settings: DrawSettings): { start: number; label: string }[] {
  let start = 0;
  return layers.flatMap((layer, k) => {
    const [first, count, order] = [start, layer.count(settings), layer.order(settings)];
    start += count * order;
    if (k > 0) return [{ start: first, label: layer.symbol }];
    const row = layer.symbol.toLowerCase();
    return Array.from({ length: count }, (_, i) => ({ start: i * order, label: `${row}_${i + 1}` }));
  });
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
