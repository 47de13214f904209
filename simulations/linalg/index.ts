export { createBackend, type BackendOptions } from './createBackend.js';
export { referenceBackend } from './referenceBackend.js';
export { wasmBackend, type WasmOptions } from './wasm/wasmBackend.js';
