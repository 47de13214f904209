import type { HeadField, HeadMatrix } from '../../contracts.js';
import { matrixLength, rowLength } from './eigenSolver.js';
import type { KernelExports } from './kernelModule.js';
import { MemoryLayout } from './memoryLayout.js';

/** Rows of V projected at a time: with 256 of their columns they stay in the second-level cache. Whole tiles of 4 and 6. */
export const projectedRows = 84;
/** Rows of V in a tile: as many steps of a Gram as its kernel takes at a time. */
export const headTileRows = 3 * projectedRows;

export type HeadRegions = ReturnType<typeof headRegions>;

/** Where everything of a `HeadWorkspace` lies in the kernels' memory, in bytes. */
export function headRegions(
  kernels: Pick<KernelExports, 'firstFreeAddress' | 'stepBlock'>,
  dimension: number,
  samples: number,
) {
  const layout = new MemoryLayout(kernels.firstFreeAddress());
  const region = (length: number): number => layout.numbers(length).address;
  const fieldRow = rowLength(samples);
  // Whole tiles are written below the last row.
  const field = (): number => region((headTileRows + 12) * fieldRow);
  const matrix = (): number => region(matrixLength(samples));
  const panels = kernels.stepBlock() * Math.max(samples + 12, headTileRows);
  const fields: Record<HeadField, number> = { probabilities: field(), squares: field(), weights: field() };
  const matrices: Record<HeadMatrix, number> = {
    gram: matrix(),
    probabilities: matrix(),
    squares: matrix(),
    weights: matrix(),
  };
  return {
    fieldRow,
    matrixRow: rowLength(samples),
    fields,
    products: field(),
    matrices,
    features: region(samples * dimension + 16),
    packedFeatures: region(Math.ceil(samples / 4) * 4 * dimension),
    rows: region(headTileRows * dimension),
    bias: region(headTileRows),
    forms: region(headTileRows),
    largest: region(fieldRow),
    winner: region(fieldRow),
    others: region(fieldRow),
    shift: region(fieldRow),
    scale: region(fieldRow),
    mass: region(fieldRow),
    vector: region(fieldRow),
    index: region(Math.max(samples, headTileRows)),
    ones: region(Math.max(samples, headTileRows)),
    zeros: region(kernels.stepBlock()),
    packedA: region(panels),
    packedB: region(panels),
    bytes: layout.bytes,
  };
}

/** Bytes of a `HeadWorkspace` for N samples of dimension D. */
export function headWorkspaceBytes(dimension: number, samples: number): number {
  return headRegions({ firstFreeAddress: () => 0, stepBlock: () => 256 }, dimension, samples).bytes;
}
