export { compiledKernels } from './compiledKernels.js';
export { createBackend, type BackendOptions } from './createBackend.js';
export { describeBackends, type BackendDescription } from './describeBackends.js';
export { columnOf, dot, rowOf, sumOfSquares } from './vectors.js';
export { nativeBackend } from './native/nativeBackend.js';
export { referenceBackend } from './referenceBackend.js';
export { wasmBackend, type WasmOptions } from './wasm/wasmBackend.js';
export { compiledCubatureKernels } from './wasm/cubatureKernels.js';
