/** A matrix that somebody gave, as it is drawn: pixels, and numbers of its blocks. Plain JSON. */
import type { MatrixPicture } from './results.js';

/** What the picture of the blocks shows of each; Frobenius norm = root mean square · √entries. */
export const blockValueNames = ['root-mean-square', 'mean-absolute', 'signed-mean'] as const;
export type BlockValueName = (typeof blockValueNames)[number];

export const colourScaleNames = ['logarithmic', 'linear'] as const;
export type ColourScaleName = (typeof colourScaleNames)[number];

export interface MatrixResult {
  readonly kind: 'matrix';
  readonly version: string;
  /** Name of the file. */
  readonly source: string;
  readonly colours: ColourScaleName;
  /** Linear colours end at the largest |entry| over this. */
  readonly clip: number;
  readonly picture: MatrixPicture & { readonly largest: number };
  /** Absent for a matrix without blocks. */
  readonly blocks?: GivenBlocks;
}

export interface GivenBlocks {
  /** In order, with their first row. */
  readonly list: readonly { readonly start: number; readonly size: number; readonly label: string }[];
  readonly shown: BlockValueName;
  /** Of the blocks, row-major k×k. */
  readonly values: readonly number[];
}
