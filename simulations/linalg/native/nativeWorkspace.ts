/** A workspace on a BLAS library. */
import type { Workspace } from '../../contracts.js';
import { checkLength, checkSize, checkWanted } from '../checks.js';
import { withSafeInputs } from '../safeInputs.js';
import { largestMagnitude } from '../scaling.js';
import { weightedSums } from '../weightedSums.js';
import { instantiate, kernelModule, type KernelExports, type KernelModule } from '../wasm/kernelModule.js';
import { MemoryLayout } from '../wasm/memoryLayout.js';
import { fieldBuffers, runningSoftmax, type FieldBuffers } from '../wasm/runningSoftmax.js';
import { compiledSoftmaxMoments } from '../wasm/softmaxMoments.js';
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
    softmaxOfClasses(fillRows, classes, wanted) {
      checkWanted(wanted, classes);
      const room = (softmaxRoom ??= makeSoftmaxRoom(kernels(), samples));
      const { buffer, at } = room;
      const tile = new Float64Array(Math.min(tileClasses, classes) * d);
      const fields = new Float64Array(buffer, at.fields.address, tileClasses * at.rowLength);
      const softmax = runningSoftmax(room.kernels, buffer, at, samples, wanted);
      for (let start = 0; start < classes; start += tileClasses) {
        const count = Math.min(tileClasses, classes - start);
        fillRows(start, tile.subarray(0, count * d));
        blas.dgemm('T', 'N', samples, count, d, inputs, d, tile, d, fields, at.rowLength);
        softmax.take(start, count);
      }
      return softmax.probabilities();
    },
    softmaxMoments: (request) => compiledSoftmaxMoments(kernels().module, samples, request),
    ...weightedSums({ dimension, samples }, grams, safely),
  };
}

/** An instance of the kernels for the softmax, with room for a tile of logits. */
interface SoftmaxRoom {
  readonly kernels: KernelExports;
  readonly buffer: ArrayBuffer;
  readonly at: FieldBuffers;
}

function makeSoftmaxRoom({ module }: KernelModule, samples: number): SoftmaxRoom {
  const place = (kernels: KernelExports): { at: FieldBuffers; bytes: number } => {
    const layout = new MemoryLayout(kernels.firstFreeAddress());
    const at = fieldBuffers(layout, tileClasses, samples);
    return { at, bytes: layout.bytes };
  };
  const { bytes } = place(instantiate(module, 0).kernels);
  const { kernels, buffer } = instantiate(module, bytes);
  return { kernels, buffer, at: place(kernels).at };
}
