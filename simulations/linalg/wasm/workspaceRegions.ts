import { eigenBuffers, matrixLength, type EigenBuffers } from './eigenSolver.js';
import type { KernelExports } from './kernelModule.js';
import { MemoryLayout, type Region } from './memoryLayout.js';
import { fieldBuffers, type FieldBuffers } from './runningSoftmax.js';

/** Classes or directions projected at a time; a multiple of both tile heights, 4 and 6. */
export const tileClasses = 96;

/** Where everything of a workspace lies in its kernel instance's memory. */
export interface WorkspaceRegions {
  readonly inputs: Region;
  readonly matrix: Region;
  readonly eigen: EigenBuffers;
  readonly index: Region;
  readonly scales: Region;
  readonly directions: Region;
  readonly field: FieldBuffers;
  /** Of either precision: panels of 8 singles take no more than two of 4 doubles. */
  readonly packedInputs: Region;
  /** Size of the memory. */
  readonly bytes: number;
}

export function workspaceRegions(kernels: KernelExports, dimension: number, samples: number): WorkspaceRegions {
  const layout = new MemoryLayout(kernels.firstFreeAddress());
  const longest = Math.max(dimension, samples);
  return {
    inputs: layout.numbers(samples * dimension + 16),
    matrix: layout.numbers(matrixLength(dimension)),
    eigen: eigenBuffers(layout, kernels, Math.max(dimension, tileClasses)),
    index: layout.numbers(Math.ceil(longest / 2) + 1),
    scales: layout.numbers(longest),
    directions: layout.numbers(tileClasses * dimension),
    field: fieldBuffers(layout, tileClasses, samples),
    packedInputs: layout.numbers(Math.ceil(samples / 4) * 4 * dimension),
    bytes: layout.bytes,
  };
}
