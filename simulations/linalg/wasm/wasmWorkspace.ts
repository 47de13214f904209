/** A workspace whose inputs, matrices and fields all live in one memory of fixed size. */
import type { Workspace } from '../../contracts.js';
import { checkLength, checkSize, checkWanted } from '../checks.js';
import { withSafeInputs } from '../safeInputs.js';
import { weightedSums } from '../weightedSums.js';
import { instantiate, type KernelModule } from './kernelModule.js';
import { multipliesInSingle, runningSoftmax } from './runningSoftmax.js';
import { compiledSoftmaxMoments } from './softmaxMoments.js';
import { TiledProjection } from './tiledProjection.js';
import { WasmGrams } from './wasmGrams.js';
import { workspaceRegions } from './workspaceRegions.js';

export function createWasmWorkspace(compiled: KernelModule, dimension: number, samples: number): Workspace {
  checkSize('dimension', dimension);
  checkSize('samples', samples);
  const { bytes } = workspaceRegions(instantiate(compiled.module, 0).kernels, dimension, samples);
  const { kernels, buffer } = instantiate(compiled.module, bytes);
  const at = workspaceRegions(kernels, dimension, samples);
  const inputs = new Float64Array(buffer, at.inputs.address, samples * dimension);
  const grams = new WasmGrams(kernels, buffer, at, dimension);
  const projection = new TiledProjection(kernels, buffer, at, dimension, samples);
  const largestInput = (): number => kernels.largestMagnitude(at.inputs.address, inputs.length);
  const safely = <T>(work: (undoSquare: (x: number) => number) => T): T => withSafeInputs(inputs, largestInput(), work);

  return {
    dimension,
    samples,
    inputs,
    drawInputs: (stream) => stream.fillNormals(inputs),
    project(directions, count, out) {
      checkLength('directions', directions, count * dimension, `${count} rows of ${dimension}`);
      checkLength('out', out, count * samples, `${count} rows of ${samples}`);
      projection.each(
        count,
        (start, tile) => tile.set(directions.subarray(start * dimension, start * dimension + tile.length)),
        (start, rows) => {
          for (let c = 0; c < rows; c += 1) out.set(projection.field(c), (start + c) * samples);
        },
      );
    },
    softmaxOfClasses(rows, classes, wanted, precision) {
      checkWanted(wanted, classes);
      const softmax = runningSoftmax(kernels, buffer, at.field, samples, wanted);
      const single = multipliesInSingle(precision, classes, wanted, largestInput);
      projection.each(classes, rows, softmax.take, single ? wanted : undefined);
      return softmax.probabilities();
    },
    softmaxMoments: (request) => compiledSoftmaxMoments(compiled.module, samples, request),
    ...weightedSums({ dimension, samples }, grams, safely),
  };
}
