/** Eigenvalues of the symmetric matrix whose lower triangle lies in a kernel instance's memory. */
import { NumericalError } from '../../../theory/errors.js';
import { isOrdinary, powerOfTwoScale } from '../scaling.js';
import {
  bandBuffers,
  bandEigenvalues,
  bandOrder,
  tridiagonalBuffers,
  tridiagonalEigenvalues,
  type BandBuffers,
} from './bandEigenvalues.js';
import type { KernelExports } from './kernelModule.js';
import type { MemoryLayout, Region } from './memoryLayout.js';

/** Buffers of a solver for orders up to some `order`. */
export interface EigenBuffers extends BandBuffers {
  readonly packedA: Region;
  readonly packedB: Region;
  readonly zeros: Region;
  readonly vectors: Region;
  readonly work: Region;
}

/** Of the band: a multiple of 12. Wider ones gain less in products of matrices than the rest then loses. */
const bandWidth = 24;

/** Rows and columns beyond the order that whole tiles and groups may touch. */
const padding = 12;

/**
 * Numbers in a row: a multiple of 4 with room for whole tiles, and no multiple of 512, whose rows would share cache
 * sets.
 */
export function rowLength(order: number): number {
  const length = Math.ceil(order / 4) * 4 + 8;
  return length % 512 === 0 ? length + 8 : length;
}

export function matrixLength(order: number): number {
  return (order + padding) * rowLength(order);
}

export function eigenBuffers(layout: MemoryLayout, kernels: KernelExports, order: number): EigenBuffers {
  const steps = kernels.stepBlock();
  const panels = (order + padding) * steps;
  return {
    packedA: layout.numbers(panels),
    packedB: layout.numbers(panels),
    zeros: layout.numbers(steps),
    vectors: layout.numbers(Math.max(2 * kernels.panelRows(), 3 * bandWidth) * rowLength(order)),
    ...tridiagonalBuffers(layout, order),
    ...bandBuffers(layout, kernels, order, bandWidth),
    work: layout.numbers(Math.max(4 * kernels.panelRows(), (5 * bandWidth + 1) * bandWidth)),
  };
}

/**
 * Ascending eigenvalues of the order×order matrix at `matrix`, rows `rowLength(order)` apart; destroys it. `from` is the
 * least order that goes by a band.
 *
 * @throws NumericalError when an entry is not finite or the iteration fails.
 */
export function eigenvaluesInPlace(
  kernels: KernelExports,
  buffer: ArrayBuffer,
  buffers: EigenBuffers,
  matrix: number,
  order: number,
  from = bandOrder,
): Float64Array {
  const length = rowLength(order);
  const largest = largestInTriangle(kernels, matrix, order, length);
  if (!Number.isFinite(largest))
    throw new NumericalError(`the matrix of order ${order} has an entry that is not finite`);
  if (largest === 0) return new Float64Array(order);
  const scale = powerOfTwoScale(largest);
  const rescaled = !isOrdinary(largest);
  if (rescaled) {
    // Row by row, over the lower triangle; two factors because one may overflow.
    for (let i = 0; i < order; i += 1) {
      const row = matrix + i * length * 8;
      kernels.multiply(row, i + 1, scale.downFactors[0]);
      kernels.multiply(row, i + 1, scale.downFactors[1]);
    }
  }
  const values = (order < from ? byPanels : byBand)(kernels, buffer, buffers, matrix, order);
  return rescaled ? values.map(scale.up) : values;
}

type Solver = (
  kernels: KernelExports,
  buffer: ArrayBuffer,
  buffers: EigenBuffers,
  matrix: number,
  order: number,
) => Float64Array;

const byPanels: Solver = (kernels, buffer, buffers, matrix, order) => {
  kernels.tridiagonalise(
    order,
    matrix,
    rowLength(order) * 8,
    buffers.diagonal.address,
    buffers.offDiagonal.address,
    buffers.vectors.address,
    buffers.packedA.address,
    buffers.packedB.address,
    buffers.work.address,
  );
  return tridiagonalEigenvalues(kernels, buffer, buffers, order);
};

const byBand: Solver = (kernels, buffer, buffers, matrix, order) => {
  new Float64Array(buffer, buffers.band.address, buffers.band.length).fill(0);
  kernels.toBand(
    order,
    bandWidth,
    matrix,
    rowLength(order) * 8,
    buffers.band.address,
    buffers.vectors.address,
    buffers.packedA.address,
    buffers.packedB.address,
    buffers.work.address,
  );
  return bandEigenvalues(kernels, buffer, buffers, order, bandWidth);
};

/** NaN when there is one. */
function largestInTriangle(kernels: KernelExports, matrix: number, order: number, length: number): number {
  let largest = 0;
  for (let i = 0; i < order; i += 1)
    largest = Math.max(largest, kernels.largestMagnitude(matrix + i * length * 8, i + 1));
  return largest;
}
