import type { Backend } from '../contracts.js';
import type { Draw, HessianTile } from '../network/model.js';
import type { BlockSums } from './blockSums.js';
import { hessianOrder } from './fullHessian.js';
import type { MatrixPixels } from './matrixPicture.js';
import { addToPicture, divideByCounts, pixelsOfRows, requirePixels } from './pixelPicture.js';
import { visitHessianTiles } from './visitHessianTiles.js';

export interface HessianPicture extends MatrixPixels {
  readonly order: number;
  /** Of every pair of blocks, a block for each row of each layer, in the order of the parameters. */
  readonly sums: BlockSums;
}

/**
 * What `matrixPicture` and `blockSums` say of a whole Hessian that is never held: in one pass over its tiles.
 * @throws UsageError unless `pixels` is a whole number of at least 1
 */
export function hessianPicture(draw: Draw, backend: Backend, pixels: number): HessianPicture {
  requirePixels(pixels);
  const order = hessianOrder(draw);
  const side = Math.min(pixels, order);
  const picture = { pixelOf: pixelsOfRows(order, side), values: new Float64Array(side * side) };
  const { blockOf, count } = blocksOfRows(draw, order);
  const sums: BlockSums = {
    signed: new Float64Array(count * count),
    absolute: new Float64Array(count * count),
    squares: new Float64Array(count * count),
  };
  let largest = 0;
  visitHessianTiles(draw, backend, (tile) => {
    addToPicture(picture, side, tile, 'mean');
    largest = Math.max(largest, addToSums(sums, blockOf, count, tile));
  });
  divideByCounts(picture, side);
  return { pixels: side, values: picture.values, largest, order, sums };
}

/** For each row of the Hessian its block. */
function blocksOfRows({ model, settings }: Draw, order: number) {
  const blockOf = new Int32Array(order);
  let [row, count] = [0, 0];
  for (const layer of model.layers) {
    const size = layer.order(settings);
    for (let i = 0; i < layer.count(settings); i++, row += size, count++) blockOf.fill(count, row, row + size);
  }
  return { blockOf, count };
}

/** Adds the entries of a tile, and of its mirror image, to the sums of their blocks; returns the largest of |entries|. */
function addToSums(
  { signed, absolute, squares }: BlockSums,
  blockOf: Int32Array,
  count: number,
  { rows, columns, entries, isMirrored, ...at }: HessianTile,
): number {
  let largest = 0;
  for (let a = 0; a < rows; a++) {
    const row = blockOf[at.rowStart + a * at.rowStride]!;
    for (let b = 0; b < columns; b++) {
      const column = blockOf[at.columnStart + b * at.columnStride]!;
      const entry = entries[a * columns + b]!;
      const magnitude = Math.abs(entry);
      if (magnitude > largest) largest = magnitude;
      const cell = row * count + column;
      signed[cell]! += entry;
      absolute[cell]! += magnitude;
      squares[cell]! += entry * entry;
      if (!isMirrored) continue;
      const mirror = column * count + row;
      signed[mirror]! += entry;
      absolute[mirror]! += magnitude;
      squares[mirror]! += entry * entry;
    }
  }
  return largest;
}
