/** A matrix reduced to pixels, tile by tile. */
import { UsageError } from '../../theory/errors.js';
import type { HessianTile } from '../network/model.js';

/** Whether a pixel shows the largest or the mean absolute value of the entries under it. */
export type Reduction = 'max' | 'mean';

export interface PixelPicture {
  /** Of a row of the matrix. */
  readonly pixelOf: Int32Array;
  readonly values: Float64Array;
}

export function addToPicture(
  { pixelOf, values }: PixelPicture,
  pixels: number,
  { rows, columns, entries, isMirrored, ...at }: Omit<HessianTile, 'region'>,
  reduce: Reduction,
): void {
  const isMean = reduce === 'mean';
  for (let a = 0; a < rows; a++) {
    const rowPixel = pixelOf[at.rowStart + a * at.rowStride]!;
    for (let b = 0; b < columns; b++) {
      const columnPixel = pixelOf[at.columnStart + b * at.columnStride]!;
      const magnitude = Math.abs(entries[a * columns + b]!);
      const here = rowPixel * pixels + columnPixel;
      const mirror = columnPixel * pixels + rowPixel;
      if (isMean) {
        values[here]! += magnitude;
        if (isMirrored) values[mirror]! += magnitude;
      } else {
        if (magnitude > values[here]!) values[here] = magnitude;
        if (isMirrored && magnitude > values[mirror]!) values[mirror] = magnitude;
      }
    }
  }
}

/** @throws UsageError unless `pixels` is a whole number of at least 1 */
export function requirePixels(pixels: number): void {
  if (Number.isInteger(pixels) && pixels >= 1) return;
  throw new UsageError(
    `pixels must be a whole number of at least 1, got ${String(pixels)}; give the side of the picture`,
  );
}

export const pixelsOfRows = (order: number, pixels: number): Int32Array =>
  Int32Array.from({ length: order }, (_, r) => Math.floor((r * pixels) / order));

/** From sums to means over the entries under a pixel. */
export function divideByCounts({ pixelOf, values }: PixelPicture, pixels: number): void {
  const counts = new Float64Array(pixels);
  for (const pixel of pixelOf) counts[pixel]! += 1;
  for (let a = 0; a < pixels; a++) for (let b = 0; b < pixels; b++) values[a * pixels + b]! /= counts[a]! * counts[b]!;
}
