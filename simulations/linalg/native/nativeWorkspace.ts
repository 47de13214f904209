/** A workspace on a BLAS library. */
import type { Workspace } from '../../contracts.js';
import { checkLength, checkSize, checkWanted } from '../checks.js';
import { withSafeInputs } from '../safeInputs.js';
import { largestMagnitude } from '../scaling.js';
import { weightedSums } from '../weightedSums.js';
import { instantiate, kernelModule, type KernelExports, type KernelModule } from '../wasm/kernelModule.js';
import { MemoryLayout, type Region } from '../wasm/memoryLayout.js';
import { fieldBuffers, multipliesInSingle, runningSoftmax, type FieldBuffers } from '../wasm/runningSoftmax.js';
import { compiledSoftmaxMoments, type LogitProducts } from '../wasm/softmaxMoments.js';
import type { Blas } from './blasFunctions.js';
import type { NativeEigenvalues } from './nativeEigenvalues.js';
import { NativeGrams } from './nativeGrams.js';

/** Classes projected at a time. */
const tileClasses = 256;

export function createNativeWorkspace(
  blas: Blas,
  eigenvaluesOf: NativeEigenvalues,
  dimension: number,
  samples: number,
): Workspace {
  checkSize('dimension', dimension);
  checkSize('samples', samples);
  const d = dimension;
  const inputs = new Float64Array(samples * d);
  const grams = new NativeGrams(blas, eigenvaluesOf, inputs, d);
  let embedded: KernelModule | undefined;
  const kernels = (): KernelModule => (embedded ??= kernelModule());
  let softmaxRoom: SoftmaxRoom | undefined;
  const safely = <T>(work: (undoSquare: (x: number) => number) => T): T =>
    withSafeInputs(inputs, largestMagnitude(inputs), work);

  return {
    dimension,
    samples,
    inputs,
    drawInputs: (stream) => stream.fillNormals(inputs),
    project(directions, count, out) {
      checkLength('directions', directions, count * d, `${count} rows of ${d}`);
      checkLength('out', out, count * samples, `${count} rows of ${samples}`);
      blas.dgemm('T', 'N', samples, count, d, inputs, d, directions, d, out, samples);
    },
    softmaxOfClasses(fillRows, classes, wanted, precision) {
      checkWanted(wanted, classes);
      const room = (softmaxRoom ??= makeSoftmaxRoom(kernels(), samples));
      const { buffer, at } = room;
      const tile = new Float64Array(Math.min(tileClasses, classes) * d);
      const fields = new Float64Array(buffer, at.fields.address, tileClasses * at.rowLength);
      const project = (first: number, count: number): void =>
        blas.dgemm(
          'T',
          'N',
          samples,
          count,
          d,
          inputs,
          d,
          tile.subarray(first * d),
          d,
          fields.subarray(first * at.rowLength),
          at.rowLength,
        );
      const single = multipliesInSingle(precision, classes, wanted, () => largestMagnitude(inputs))
        ? singleProjection(blas, room, inputs, d, samples)
        : undefined;
      const softmax = runningSoftmax(room.kernels, buffer, at, samples, wanted);
      for (let start = 0; start < classes; start += tileClasses) {
        const count = Math.min(tileClasses, classes - start);
        fillRows(start, tile.subarray(0, count * d));
        if (single === undefined) project(0, count);
        else {
          single(tile, count);
          for (const c of wanted) if (c >= start && c < start + count) project(c - start, 1);
        }
        softmax.take(start, count);
      }
      return softmax.probabilities();
    },
    softmaxMoments: (request) => compiledSoftmaxMoments(kernels().module, samples, request, nativeProducts(blas)),
    ...weightedSums({ dimension, samples }, grams, safely),
  };
}

const nativeProducts = (blas: Blas): LogitProducts => ({
  from: 64,
  take({ at, view, width, padded }, count) {
    const [features, rows, logits] = [view(at.features), view(at.rows), view(at.logits)];
    blas.dgemm('N', 'N', padded, count, width, features, padded, rows, width, logits, padded);
  },
});

/** An instance of the kernels for the softmax, with room for a tile of logits. */
interface SoftmaxRoom {
  readonly kernels: KernelExports;
  readonly buffer: ArrayBuffer;
  readonly at: FieldBuffers;
  /** A tile of logits in single precision. */
  readonly singles: Region;
}

/** Coordinates summed in single precision, at most: as `Workspace.softmaxOfClasses` promises. */
const singleSteps = 512;

/** Logits of a tile of classes by products in single precision, summed in double over blocks of coordinates. */
function singleProjection(
  blas: Blas,
  { kernels, buffer, at, singles }: SoftmaxRoom,
  inputs: Float64Array,
  dimension: number,
  samples: number,
): (tile: Float64Array, count: number) => void {
  const singleInputs = new Float32Array(inputs);
  const singleTile = new Float32Array(tileClasses * dimension);
  const products = new Float32Array(buffer, singles.address, tileClasses * at.rowLength);
  const fields = new Float64Array(buffer, at.fields.address, tileClasses * at.rowLength);
  return (tile, count) => {
    singleTile.set(tile);
    const length = count * at.rowLength;
    fields.fill(0, 0, length);
    for (let s = 0; s < dimension; s += singleSteps) {
      const steps = Math.min(singleSteps, dimension - s);
      const [x, v] = [singleInputs.subarray(s), singleTile.subarray(s)];
      blas.sgemm('T', 'N', samples, count, steps, x, dimension, v, dimension, products, at.rowLength);
      kernels.addSingles(length, singles.address, at.fields.address);
    }
  };
}

function makeSoftmaxRoom({ module }: KernelModule, samples: number): SoftmaxRoom {
  const place = (kernels: KernelExports): { at: FieldBuffers; singles: Region; bytes: number } => {
    const layout = new MemoryLayout(kernels.firstFreeAddress());
    const at = fieldBuffers(layout, tileClasses, samples);
    const singles = layout.numbers((tileClasses * at.rowLength) / 2);
    return { at, singles, bytes: layout.bytes };
  };
  const { bytes } = place(instantiate(module, 0).kernels);
  const { kernels, buffer } = instantiate(module, bytes);
  const { at, singles } = place(kernels);
  return { kernels, buffer, at, singles };
}
