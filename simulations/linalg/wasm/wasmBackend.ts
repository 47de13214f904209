/**
 * The embedded backend: SIMD kernels in WebAssembly. Needs no library, runs in Node, browsers and workers.
 *
 * One instance of the kernels, with a memory of its own, for each workspace.
 */
import { UsageError } from '../../../theory/errors.js';
import type { Backend } from '../../contracts.js';
import { checkFinite, checkLength, checkSize } from '../checks.js';
import { eigenBuffers, eigenvaluesInPlace, matrixLength, rowLength, type EigenBuffers } from './eigenSolver.js';
import { createCompiledHead } from './headWorkspace.js';
import { instantiate, kernelModule, type KernelExports, type KernelModule } from './kernelModule.js';
import { compiledLossGradient } from './lossGradient.js';
import { MemoryLayout } from './memoryLayout.js';
import { wasmHeadProducts } from './wasmHeadProducts.js';
import { createWasmWorkspace } from './wasmWorkspace.js';

export interface WasmOptions {
  /**
   * Use fused multiply-adds when the engine has them (default). `false` gives the same bits on every machine, more
   * slowly.
   */
  readonly fused?: boolean;
}

export function wasmBackend(options: WasmOptions = {}): Backend {
  if (typeof WebAssembly === 'undefined')
    throw new UsageError('the wasm backend needs WebAssembly; use the reference backend');
  const compiled = kernelModule(options);
  let solver: Solver | undefined;
  return {
    name: 'wasm',
    description: `WebAssembly SIMD, fma: ${compiled.fused}`,
    createWorkspace: (dimension, samples) => createWasmWorkspace(compiled, dimension, samples),
    createHeadWorkspace: (dimension, samples) => createCompiledHead(compiled, dimension, samples, wasmHeadProducts),
    lossGradient: (request) => compiledLossGradient(compiled, request),
    symmetricEigenvalues(matrix, order) {
      checkSize('order', order);
      checkLength('matrix', matrix, order * order, `${order} rows of ${order}`);
      checkFinite('matrix', matrix);
      // A solver four times too large is dropped: the cost of clearing it would be felt, and its memory.
      if (!solver || solver.order < order || solver.order > 4 * order + 64) solver = createSolver(compiled, order);
      return solver.solve(matrix, order);
    },
  };
}

interface Solver {
  readonly order: number;
  solve(matrix: Float64Array, order: number): Float64Array;
}

function createSolver(compiled: KernelModule, order: number): Solver {
  const probe = instantiate(compiled.module, 0).kernels;
  const place = (kernels: KernelExports): { buffers: EigenBuffers; matrix: number; bytes: number } => {
    const layout = new MemoryLayout(kernels.firstFreeAddress());
    const matrix = layout.numbers(matrixLength(order));
    const buffers = eigenBuffers(layout, kernels, order);
    return { buffers, matrix: matrix.address, bytes: layout.bytes };
  };
  const { bytes } = place(probe);
  const { kernels, buffer } = instantiate(compiled.module, bytes);
  const { buffers, matrix: address } = place(kernels);
  return {
    order,
    solve(matrix, size) {
      const length = rowLength(size);
      for (let i = 0; i < size; i += 1) {
        new Float64Array(buffer, address + i * length * 8, i + 1).set(matrix.subarray(i * size, i * size + i + 1));
      }
      return eigenvaluesInPlace(kernels, buffer, buffers, address, size);
    },
  };
}
