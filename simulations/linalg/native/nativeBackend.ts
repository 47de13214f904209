/**
 * OpenBLAS or Accelerate through koffi. Draws and exponentials come from the embedded kernels, so draws are the same
 * bits.
 */
import { UsageError } from '../../../theory/errors.js';
import type { Backend } from '../../contracts.js';
import { checkFinite, checkLength, checkSize } from '../checks.js';
import { createCompiledHead } from '../wasm/headWorkspace.js';
import { kernelModule } from '../wasm/kernelModule.js';
import { compiledLossGradient } from '../wasm/lossGradient.js';
import type { Blas } from './blasFunctions.js';
import { findBlas, type BlasSearch } from './findBlas.js';
import { nativeEigenvalues } from './nativeEigenvalues.js';
import { nativeHeadProducts } from './nativeHeadProducts.js';
import { createNativeWorkspace } from './nativeWorkspace.js';

/** @throws UsageError when no library serves; the message lists what was tried. */
export async function nativeBackend(options: { readonly library?: string } = {}): Promise<Backend> {
  const search = await findBlas(options.library);
  if (!search.blas) throw new UsageError(whyNot(search));
  return backendWith(search.blas);
}

export function backendWith(blas: Blas): Backend {
  const eigenvaluesOf = nativeEigenvalues(blas);
  return {
    name: 'native',
    description: `${blas.description} (${blas.path})`,
    createWorkspace: (dimension, samples) => createNativeWorkspace(blas, eigenvaluesOf, dimension, samples),
    createHeadWorkspace: (dimension, samples) =>
      createCompiledHead(kernelModule(), dimension, samples, (memory) => nativeHeadProducts(blas, memory)),
    lossGradient: (request) => compiledLossGradient(kernelModule(), request),
    symmetricEigenvalues(matrix, order) {
      checkSize('order', order);
      checkLength('matrix', matrix, order * order, `${order} rows of ${order}`);
      checkFinite('matrix', matrix);
      return eigenvaluesOf(lowerTriangleInColumns(matrix, order), order);
    },
  };
}

/** A copy of what is a lower triangle in rows, in squares that stay in the first-level cache. */
function lowerTriangleInColumns(matrix: Float64Array, order: number): Float64Array {
  const columns = new Float64Array(order * order);
  const side = 16;
  for (let top = 0; top < order; top += side) {
    const bottom = Math.min(top + side, order);
    for (let left = 0; left <= top; left += side) {
      const right = Math.min(left + side, order);
      for (let j = left; j < right; j += 1) {
        for (let i = Math.max(top, j); i < bottom; i += 1) columns[j * order + i] = matrix[i * order + j]!;
      }
    }
  }
  return columns;
}

function whyNot(search: BlasSearch): string {
  const tried = search.attempts.map(({ library, problem }) => `${library}: ${problem}`).join('; ');
  return `the native backend found no BLAS library (${tried || 'no usual place is known for this system'}); install OpenBLAS, or give the path of its library by LIMITLAW_BLAS, or use the wasm backend`;
}
