import type { LossGradientRequest } from '../../contracts.js';
import type { KernelExports } from './kernelModule.js';
import { MemoryLayout } from './memoryLayout.js';

export type NetworkSizes = Pick<LossGradientRequest, 'dimension' | 'samples' | 'classes' | 'units'>;

/** A matrix in the kernels' memory. */
export interface Field {
  readonly address: number;
  /** Numbers from one row to the next. */
  readonly row: number;
}

/** Samples of a tile: with inputs and outputs they stay in the second-level cache; a multiple of 4. */
const mostSamples = 64;
const leastSamples = 16;
const tileNumbers = 65536;

export const upToFours = (count: number): number => Math.ceil(count / 4) * 4;

export type NetworkRegions = ReturnType<typeof networkRegions>;

/**
 * Where a network and its data lie in the kernels' memory. Samples are rows everywhere; units and classes are filled up
 * to fours by zeros.
 */
export function networkRegions(
  kernels: Pick<KernelExports, 'firstFreeAddress'>,
  { dimension, samples, classes, units }: NetworkSizes,
) {
  const layout = new MemoryLayout(kernels.firstFreeAddress());
  const region = (length: number): number => layout.numbers(length).address;
  const field = (rows: number, row: number): Field => ({ address: region(rows * row), row });
  // Kernels read rows by fours, and columns too, beyond the end of the last row.
  const inputField = (rows: number): Field => ({ address: region(upToFours(rows) * dimension + 4), row: dimension });
  const unitsRow = upToFours(units);
  const classesRow = upToFours(classes);
  const fitting = Math.floor(tileNumbers / (dimension + classesRow) / 4) * 4;
  const tile = Math.min(mostSamples, Math.max(leastSamples, fitting));
  const fanIn = units === 0 ? dimension : unitsRow;
  return {
    tile,
    /** Numbers that a row of the readout multiplies, zeros included. */
    fanIn,
    inputs: inputField(samples + 3),
    gathered: inputField(tile),
    labels: region(Math.ceil(samples / 2)),
    batchLabels: region(Math.ceil(tile / 2)),
    zeros: region(Math.max(dimension, fanIn)),
    hiddenLayer: field(units, dimension),
    packedHiddenLayer: field(unitsRow, dimension),
    readout: field(classes, fanIn),
    packedReadout: field(classesRow, fanIn),
    preactivations: field(tile, unitsRow),
    features: field(tile, unitsRow),
    slopes: field(tile, unitsRow),
    pulls: field(tile, unitsRow),
    outputs: field(tile, classesRow),
    seen: region(tile * 4),
    hiddenGradient: field(unitsRow, upToFours(dimension)),
    readoutGradient: field(classesRow, upToFours(fanIn)),
    bytes: layout.bytes,
  };
}

/** Bytes that the loss and gradient of a network and its data take. */
export function lossGradientBytes(network: NetworkSizes): number {
  return networkRegions({ firstFreeAddress: () => 0 }, network).bytes;
}
