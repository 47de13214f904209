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
  return {
    name: 'native',
    description: `${blas.description} (${blas.path})`,
    createWorkspace: (dimension, samples) => createNativeWorkspace(blas, dimension, samples),
    createHeadWorkspace: (dimension, samples) =>
      createCompiledHead(kernelModule(), dimension, samples, (memory) => nativeHeadProducts(blas, memory)),
    lossGradient: (request) => compiledLossGradient(kernelModule(), request),
    symmetricEigenvalues(matrix, order) {
      checkSize('order', order);
      checkLength('matrix', matrix, order * order, `${order} rows of ${order}`);
      checkFinite('matrix', matrix);
      // A lower triangle in rows is an upper one in columns.
      return nativeEigenvalues(blas, 'U', matrix.slice(0, order * order), order);
    },
  };
}

function whyNot(search: BlasSearch): string {
  const tried = search.attempts.map(({ library, problem }) => `${library}: ${problem}`).join('; ');
  return `the native backend found no BLAS library (${tried || 'no usual place is known for this system'}); install OpenBLAS, or give the path of its library by LIMITLAW_BLAS, or use the wasm backend`;
}
