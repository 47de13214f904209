import type { Layer } from '../../theory/names.js';
import type { Backend, DrawSettings } from '../contracts.js';
import { orderedPairs } from '../network/classStatistics.js';
import type { Draw, HessianPart, HessianRegion, HessianTile } from '../network/model.js';
import { layerOf } from '../network/layerOf.js';
import { layerStarts } from './layerStarts.js';
import { addToPicture, divideByCounts, pixelsOfRows, requirePixels, type Reduction } from './pixelPicture.js';
import { visitPart } from './visitHessianTiles.js';

export interface HeatMapOptions {
  /** Side of the picture; at most the order of the Hessian is used. */
  readonly pixels: number;
  /** Whether a pixel shows the largest or the mean absolute value of the entries under it. */
  readonly reduce: Reduction;
  /** The blocks of this layer alone; by default the whole Hessian. */
  readonly layer?: Layer;
  /** A second picture, with the rows of the readout unit by unit in place of class by class. */
  readonly byUnit?: boolean;
}

export interface HessianHeatMap {
  readonly pixels: number;
  /** pixels × pixels, row-major, symmetric. Pixel of parameter r: ⌊r · pixels / order⌋. */
  readonly values: Float64Array;
  /** The picture with the readout unit by unit, where the residual part is block-diagonal; when it was asked for. */
  readonly valuesByUnit: Float64Array | undefined;
  /** Of |H|, over all entries. */
  readonly largest: number;
  readonly order: number;
  /** Frobenius norms of the blocks of every region, rows by columns. */
  readonly norms: ReadonlyMap<HessianRegion, Float64Array>;
  /** Those of the blocks (w_i, w_j), m×m; empty without a hidden layer, or with several. */
  readonly hiddenNorms: Float64Array;
  /** Those of the blocks (v_i, v_j), C×C. */
  readonly outputNorms: Float64Array;
  /** Those of the blocks (w_i, v_j), m×C; empty without a hidden layer, or with several. */
  readonly crossNorms: Float64Array;
}

/**
 * A picture of |H| and the Frobenius norms of all its blocks, in one pass over tiles: the matrix is never held. Throws
 * a UsageError unless `pixels` is a whole number of at least 1 and the model has the layer that is asked for. `byUnit`
 * is of the whole Hessian.
 */
export function hessianHeatMap(draw: Draw, backend: Backend, options: HeatMapOptions): HessianHeatMap {
  requirePixels(options.pixels);
  const part = preparedPart(draw, options.layer);
  const { order, blockOf, tables } = blockTables(part, draw.settings);
  const pixels = Math.min(options.pixels, order);
  const pixelOf = pixelsOfRows(order, pixels);
  const pictures = [{ pixelOf, values: new Float64Array(pixels * pixels) }];
  if (options.byUnit) {
    const place = placesByUnit(draw, order);
    pictures.push({ pixelOf: pixelOf.map((_, r) => pixelOf[place[r]!]!), values: new Float64Array(pixels * pixels) });
  }
  let largest = 0;
  visitPart(draw, part, backend, (tile) => {
    for (const picture of pictures) addToPicture(picture, pixels, tile, options.reduce);
    largest = addToNorms(tables.get(tile.region)!, blockOf, tile, largest);
  });
  if (options.reduce === 'mean') for (const picture of pictures) divideByCounts(picture, pixels);
  const norms = new Map([...tables].map(([region, table]) => [region, table.norms.map(Math.sqrt)] as const));
  const normsOf = (region: HessianRegion) => norms.get(region) ?? new Float64Array(0);
  return {
    pixels,
    values: pictures[0]!.values,
    valuesByUnit: pictures[1]?.values,
    largest,
    order,
    norms,
    hiddenNorms: normsOf('hidden'),
    outputNorms: normsOf('output'),
    crossNorms: normsOf('cross'),
  };
}

/** Squared norms of the blocks of a region, row-major. */
interface NormTable {
  readonly norms: Float64Array;
  readonly columns: number;
  /** Whether rows and columns are of one layer. */
  readonly isOwn: boolean;
}

/** Adds the squares of a tile to the norms of its blocks; returns the largest of |entries| and what it was. */
function addToNorms(
  table: NormTable,
  blockOf: Int32Array,
  { rows, columns, entries, isMirrored, ...at }: HessianTile,
  largest: number,
): number {
  const { norms, isOwn } = table;
  // The mirror image of a tile between layers lies in blocks (v_j, w_i), which have no table of their own.
  const isNormMirrored = isMirrored && isOwn;
  for (let a = 0; a < rows; a++) {
    const rowBlock = blockOf[at.rowStart + a * at.rowStride]!;
    for (let b = 0; b < columns; b++) {
      const block = blockOf[at.columnStart + b * at.columnStride]!;
      const magnitude = Math.abs(entries[a * columns + b]!);
      if (magnitude > largest) largest = magnitude;
      norms[rowBlock * table.columns + block]! += magnitude * magnitude;
      if (isNormMirrored) norms[block * table.columns + rowBlock]! += magnitude * magnitude;
    }
  }
  return largest;
}

/** Where each row of the Hessian stands when those of the readout, class by class in it, are put unit by unit. */
function placesByUnit({ model, settings }: Draw, order: number): Int32Array {
  const units = model.units(settings);
  const start = order - settings.classes * units;
  return Int32Array.from({ length: order }, (_, r) => {
    if (units === 0 || r < start) return r;
    const [label, unit] = [Math.floor((r - start) / units), (r - start) % units];
    return start + unit * settings.classes + label;
  });
}

/** One layer of the draw's model, or all of it, with the averages over classes that its blocks need. */
function preparedPart({ model, settings, statistics }: Draw, layer: Layer | undefined): HessianPart {
  if (layer === undefined) {
    statistics.prepareAll();
    return model;
  }
  const own = layerOf(model, layer);
  statistics.prepare({ [layer]: orderedPairs(own.count(settings)) });
  return { layers: [own], crossings: [] };
}

/** For each row of the Hessian the block of its layer that it lies in; for each region, empty norms of its blocks. */
function blockTables(part: HessianPart, settings: DrawSettings) {
  const { starts, order } = layerStarts(part, settings);
  const blockOf = new Int32Array(order);
  const tables = new Map<HessianRegion, NormTable>();
  const addTable = (region: HessianRegion, rows: number, columns: number, isOwn: boolean) =>
    tables.set(region, { norms: new Float64Array(rows * columns), columns, isOwn });
  const counts = new Map<Layer, number>();
  for (const layer of part.layers) {
    const [start, count, size] = [starts.get(layer.layer)!, layer.count(settings), layer.order(settings)];
    for (let r = 0; r < count * size; r++) blockOf[start + r] = Math.floor(r / size);
    addTable(layer.layer, count, count, true);
    counts.set(layer.layer, count);
  }
  for (const { rows, columns, region } of part.crossings)
    addTable(region, counts.get(rows)!, counts.get(columns)!, false);
  return { order, blockOf, tables };
}
