import { NumericalError } from '../../../theory/errors.js';
import { isOrdinary, largestMagnitude, powerOfTwoScale } from '../scaling.js';
import { bandBuffers, bandEigenvalues, bandOrder, tridiagonalBuffers } from '../wasm/bandEigenvalues.js';
import { keptInstance, type KeptInstance } from '../wasm/keptInstance.js';
import { kernelModule } from '../wasm/kernelModule.js';
import type { Blas } from './blasFunctions.js';

/** Of the band: wider ones gain less in the library than the embedded kernels then lose. */
const bandWidth = (order: number): number => (order < 3000 ? 32 : 48);

/** Ascending eigenvalues from the lower triangle in columns; destroys `matrix`. */
export type NativeEigenvalues = (matrix: Float64Array, order: number) => Float64Array;

/**
 * The library alone for small orders, which scales by itself; for others a band by the library, and what is left by the
 * embedded kernels, whose tridiagonal form and QL iteration are faster than its own. `from` is the least of those orders.
 */
export function nativeEigenvalues(
  { dsyevd, dsytrdToBand }: Pick<Blas, 'dsyevd' | 'dsytrdToBand'>,
  from = bandOrder,
): NativeEigenvalues {
  let instance: KeptInstance | undefined;
  return (matrix, order) => {
    if (dsytrdToBand !== undefined && order >= from)
      return byBand(dsytrdToBand, (instance ??= keptInstance(kernelModule().module)), matrix, order);
    const values = new Float64Array(order);
    const failures = dsyevd('L', order, matrix, order, values);
    if (failures !== 0 || !values.every(Number.isFinite))
      throw new NumericalError(`eigenvalues of a matrix of order ${order} did not converge (dsyevd info ${failures})`);
    return values;
  };
}

function byBand(
  toBand: NonNullable<Blas['dsytrdToBand']>,
  place: KeptInstance,
  matrix: Float64Array,
  order: number,
): Float64Array {
  const undo = scaleTriangle(matrix, order);
  const width = bandWidth(order);
  const band = new Float64Array((width + 1) * order);
  toBand(order, width, matrix, order, band);
  const { kernels, at, view } = place((layout, kernels) => ({
    ...tridiagonalBuffers(layout, order),
    ...bandBuffers(layout, kernels, order, width),
  }));
  const rows = view(at.band);
  const length = kernels.bandRow(width);
  for (let j = 0; j < order; j += 1) {
    const last = Math.min(width, order - 1 - j);
    for (let k = 0; k <= last; k += 1) rows[(j + k) * length + 2 * width + 1 - k] = band[j * (width + 1) + k]!;
  }
  return bandEigenvalues(kernels, rows.buffer as ArrayBuffer, at, order, width).map(undo);
}

/** Brings entries to order 1 where they are far from it; returns what takes eigenvalues back. */
function scaleTriangle(matrix: Float64Array, order: number): (x: number) => number {
  const columns = Array.from({ length: order }, (_, j) => matrix.subarray(j * order + j, (j + 1) * order));
  const largest = Math.max(...columns.map(largestMagnitude));
  if (isOrdinary(largest)) return (x) => x;
  const { down, up } = powerOfTwoScale(largest);
  for (const column of columns) for (let i = 0; i < column.length; i += 1) column[i] = down(column[i]!);
  return up;
}
