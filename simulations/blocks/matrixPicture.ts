import { addToPicture, divideByCounts, pixelsOfRows, requirePixels } from './pixelPicture.js';

export interface MatrixPixels {
  readonly pixels: number;
  /** pixels × pixels, row-major: mean |entry| under each. */
  readonly values: Float64Array;
  /** Of |entry|, over all entries. */
  readonly largest: number;
}

/**
 * A given matrix (order×order, row-major) as a picture of at most `pixels` a side, which is all the memory it takes.
 * @throws UsageError unless `pixels` is a whole number of at least 1
 */
export function matrixPicture(entries: Float64Array, order: number, pixels: number): MatrixPixels {
  requirePixels(pixels);
  const side = Math.min(pixels, order);
  const picture = { pixelOf: pixelsOfRows(order, side), values: new Float64Array(side * side) };
  const whole = { rowStart: 0, rowStride: 1, columnStart: 0, columnStride: 1, rows: order, columns: order };
  addToPicture(picture, side, { ...whole, entries, isMirrored: false }, 'mean');
  divideByCounts(picture, side);
  let largest = 0;
  for (const entry of entries) largest = Math.max(largest, Math.abs(entry));
  return { pixels: side, values: picture.values, largest };
}
