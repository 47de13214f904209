import type { HeadField } from '../../contracts.js';
import { projectedRows } from './headRegions.js';
import type { HeadMemory, HeadProducts } from './headWorkspace.js';

/** Products of a head by the embedded kernels. */
export function wasmHeadProducts({ kernels, at, dimension, samples }: HeadMemory): HeadProducts {
  const block = kernels.stepBlock();
  const fieldStride = at.fieldRow * 8;
  const matrixStride = at.matrixRow * 8;
  // Two of the matrices are free once forms are taken; a packed triangle is not longer than its matrix.
  const packed = { gram: at.matrices.squares, probabilities: at.matrices.weights };
  const packInto = (matrix: 'gram' | 'probabilities'): void =>
    kernels.packTriangle(at.matrices[matrix], matrixStride, samples, block, packed[matrix]);
  return {
    takeFeatures() {
      kernels.dualGram(
        at.features,
        dimension * 8,
        at.index,
        at.ones,
        samples,
        dimension,
        at.matrices.gram,
        matrixStride,
        at.packedA,
        at.packedB,
        at.zeros,
      );
      kernels.packInputs(at.features, 0, samples, dimension, block, at.zeros, at.packedFeatures);
    },
    project(count) {
      for (let first = 0; first < count; first += projectedRows)
        kernels.projectTile(
          at.rows + first * dimension * 8,
          Math.min(projectedRows, count - first),
          at.packedFeatures,
          samples,
          dimension,
          block,
          kernels.tileRows(),
          at.packedA,
          at.zeros,
          at.fields.probabilities + first * fieldStride,
          fieldStride,
        );
    },
    addGram(field: HeadField, count) {
      kernels.addGram(
        at.fields[field],
        fieldStride,
        at.index,
        at.ones,
        count,
        samples,
        0,
        at.matrices[field],
        matrixStride,
        at.packedA,
        at.packedB,
      );
    },
    takeTriangles() {
      packInto('gram');
      packInto('probabilities');
    },
    halfForms(field, matrix, count) {
      kernels.triangularTile(
        at.fields[field],
        fieldStride,
        count,
        packed[matrix],
        samples,
        block,
        kernels.tileRows(),
        at.packedA,
        at.zeros,
        at.products,
        fieldStride,
      );
      kernels.rowDots(
        count,
        Math.ceil(samples / 2) * 2,
        at.fields[field],
        fieldStride,
        at.products,
        fieldStride,
        at.forms,
      );
    },
  };
}
