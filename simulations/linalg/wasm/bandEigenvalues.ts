/** Eigenvalues of a symmetric band matrix that lies in a kernel instance's memory. */
import { NumericalError } from '../../../theory/errors.js';
import type { KernelExports } from './kernelModule.js';
import type { MemoryLayout, Region } from './memoryLayout.js';

/**
 * From this order on eigenvalues are faster by way of a band, with the embedded kernels and with a library that makes one
 * (docs/tables/speed.md).
 */
export const bandOrder = 1000;

/** A tridiagonal matrix; of its two parts the eigenvalues are made in place. */
export interface TridiagonalBuffers {
  readonly diagonal: Region;
  readonly offDiagonal: Region;
}

export interface BandBuffers extends TridiagonalBuffers {
  /** Entry (i, i − k) is number 2·width + 1 − k of row i; a row has `bandRow(width)` numbers. The rest is 0. */
  readonly band: Region;
  readonly chase: Region;
}

export function tridiagonalBuffers(layout: MemoryLayout, order: number): TridiagonalBuffers {
  return { diagonal: layout.numbers(order + 4), offDiagonal: layout.numbers(order + 4) };
}

/** What else a band matrix of some order and `width`, a multiple of 4, needs. */
export function bandBuffers(
  layout: MemoryLayout,
  kernels: KernelExports,
  order: number,
  width: number,
): Omit<BandBuffers, keyof TridiagonalBuffers> {
  return {
    band: layout.numbers((order + width) * kernels.bandRow(width)),
    chase: layout.numbers(kernels.chaseRoom(width)),
  };
}

/**
 * Ascending eigenvalues; destroys the band. Entries should be of order 1.
 *
 * @throws NumericalError when the iteration fails.
 */
export function bandEigenvalues(
  kernels: KernelExports,
  buffer: ArrayBuffer,
  at: BandBuffers,
  order: number,
  width: number,
): Float64Array {
  kernels.bandToTridiagonal(
    order,
    width,
    at.band.address,
    at.diagonal.address,
    at.offDiagonal.address,
    at.chase.address,
  );
  return tridiagonalEigenvalues(kernels, buffer, at, order);
}

/** The same of a tridiagonal matrix. */
export function tridiagonalEigenvalues(
  kernels: KernelExports,
  buffer: ArrayBuffer,
  { diagonal, offDiagonal }: TridiagonalBuffers,
  order: number,
): Float64Array {
  const failures = kernels.tridiagonalEigenvalues(order, diagonal.address, offDiagonal.address);
  if (failures > 0) throw new NumericalError(`${failures} of ${order} eigenvalues did not converge`);
  return new Float64Array(buffer, diagonal.address, order).slice().sort();
}
