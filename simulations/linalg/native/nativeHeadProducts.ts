import type { HeadField } from '../../contracts.js';
import type { HeadMemory, HeadProducts } from '../wasm/headWorkspace.js';
import type { Blas } from './blasFunctions.js';

/** Samples of a block of a triangle: what stands above the diagonal inside it is multiplied too. */
const triangleBlock = 256;

/** Products of a head by BLAS, on the kernels' memory. Matrices are in columns there: a field is N×count. */
export function nativeHeadProducts(blas: Blas, memory: HeadMemory): HeadProducts {
  const { kernels, at, dimension: d, samples, view } = memory;
  const features = view(at.features, samples * d);
  const { fieldRow, matrixRow } = at;
  const fieldOf = (address: number, count: number): Float64Array => view(address, count * fieldRow);
  const matrixOf = (name: keyof typeof at.matrices): Float64Array => view(at.matrices[name], samples * matrixRow);
  return {
    takeFeatures() {
      blas.dsyrk('U', 'T', samples, d, 1, features, d, 0, matrixOf('gram'), matrixRow);
    },
    project(count) {
      const logits = fieldOf(at.fields.probabilities, count);
      blas.dgemm('T', 'N', samples, count, d, features, d, view(at.rows, count * d), d, logits, fieldRow);
    },
    addGram(field: HeadField, count) {
      const x = fieldOf(at.fields[field], count);
      blas.dsyrk('U', 'N', samples, count, 1, x, fieldRow, 1, matrixOf(field), matrixRow);
    },
    takeTriangles() {},
    halfForms(field, matrix, count) {
      const forms = view(at.forms, count);
      const sums = new Float64Array(count);
      for (let first = 0; first < samples; first += triangleBlock) {
        const rows = Math.min(triangleBlock, samples - first);
        const columns = first + rows;
        blas.dgemm(
          'N',
          'N',
          columns,
          count,
          rows,
          matrixOf(matrix).subarray(first * matrixRow),
          matrixRow,
          fieldOf(at.fields[field], count).subarray(first),
          fieldRow,
          fieldOf(at.products, count),
          fieldRow,
        );
        kernels.rowDots(count, columns & ~1, at.fields[field], fieldRow * 8, at.products, fieldRow * 8, at.forms);
        for (let c = 0; c < count; c += 1) sums[c]! += forms[c]!;
      }
      forms.set(sums);
    },
  };
}
