/** A Hessian as pictures: absolute values averaged over the entries under a pixel, with the norms of its blocks. */
import type { HeatMap } from '../../figures/results.js';
import type { TrainHeatMap } from '../../figures/trainResult.js';
import { hessianHeatMap, type HessianHeatMap } from '../../simulations/blocks/index.js';
import type { Backend, DrawSettings } from '../../simulations/contracts.js';
import type { Draw, LayerBlocks } from '../../simulations/models/index.js';
import { modelTraits, type PlainLayer } from '../../theory/names.js';
import { fourDigits } from './fourDigits.js';

/** Side of a picture: more than a column of a paper shows, little enough for a report. */
const pixels = 192;

/** Of one of several along a training: a page has ten of them side by side. */
const pixelsOfMark = 144;

/** Rows and columns of a table of block norms at most; a larger one keeps its first. */
const largestTable = 48;

type About = Pick<HeatMap, 'id' | 'label' | 'part'> & { readonly seed: string };

export function pictureOfDraw(draw: Draw, backend: Backend, about: About): HeatMap {
  const { settings, model } = draw;
  const { part } = about;
  const picture = hessianHeatMap(draw, backend, {
    pixels,
    reduce: 'mean',
    ...(isLayer(part) ? { layer: part } : {}),
  });
  const layers = model.layers.filter(({ layer }) => !isLayer(part) || layer === part);
  return { ...settingsOf(draw), ...about, ...pictured(picture, picture.values), ...frameOf(layers, settings, picture) };
}

/** The whole Hessian at a mark; of a model with units a second time, with the readout in their order. */
export function picturesOfMark(
  draw: Draw,
  backend: Backend,
  about: Pick<TrainHeatMap, 'replicate' | 'step'> & { readonly seed: string },
): TrainHeatMap[] {
  const { settings, model } = draw;
  const units = model.units(settings);
  const picture = hessianHeatMap(draw, backend, { pixels: pixelsOfMark, reduce: 'mean', byUnit: units > 0 });
  const { valuesByUnit, largest } = picture;
  const common = {
    ...settingsOf(draw),
    ...about,
    label: `step ${about.step}`,
    part: 'whole' as const,
    largest: fourDigits(largest),
  };
  const id = `replicate-${about.replicate}-step-${about.step}`;
  const byClass: TrainHeatMap = {
    ...common,
    id,
    readoutOrder: 'class',
    ...pictured(picture, picture.values),
    ...frameOf(model.layers, settings, picture),
  };
  if (valuesByUnit === undefined) return [byClass];
  const start = settings.width * settings.dimension;
  const columns = Array.from({ length: units }, (_, i) => ({
    start: start + i * settings.classes,
    label: `V_${i + 1}`,
  }));
  return [
    byClass,
    {
      ...common,
      id: `${id}-by-unit`,
      readoutOrder: 'unit',
      ...pictured(picture, valuesByUnit),
      blocks: [...byClass.blocks.filter((block) => block.start < start), ...columns],
    },
  ];
}

function settingsOf({ settings }: Draw) {
  const { model, loss, initialisation, dimension, samples, classes } = settings;
  const own = Object.fromEntries(modelTraits[model].settings.map((name) => [name, settings[name]]));
  return { model, loss, dimension, samples, classes, ...own, initialisation };
}

function pictured(picture: HessianHeatMap, values: Float64Array) {
  const { pixels: side, order } = picture;
  return { rows: side, columns: side, values: Array.from(values, fourDigits), order };
}

function frameOf(layers: readonly LayerBlocks[], settings: DrawSettings, picture: HessianHeatMap) {
  return {
    blocks: blocksOf(layers, settings),
    norms: layers.map(({ layer, symbol, count }) => {
      const row = symbol.toLowerCase();
      return leadingTable(`${row}–${row}`, count(settings), picture.norms.get(layer)!);
    }),
  };
}

/** Whether a picture is of the blocks of one layer and not of the whole Hessian. */
function isLayer(part: HeatMap['part']): part is HeatMap['part'] & PlainLayer {
  return part === 'hidden' || part === 'output';
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
