/** Chooses a backend by name. */
import { UsageError } from '../../theory/errors.js';
import type { Backend, BackendName } from '../contracts.js';
import { findBlas } from './native/findBlas.js';
import { backendWith, nativeBackend } from './native/nativeBackend.js';
import { referenceBackend } from './referenceBackend.js';
import { enableRelaxedSimd } from './wasm/enableRelaxedSimd.js';
import { wasmBackend } from './wasm/wasmBackend.js';

export interface BackendOptions {
  /**
   * Path of a BLAS library with LAPACK, for the native backend. Default: the environment variable LIMITLAW_BLAS, then
   * the usual places.
   */
  readonly library?: string;
  /** `false`: the wasm kernels without fused multiply-adds, the same bits on every machine. */
  readonly fused?: boolean;
}

/**
 * 'auto' is native when a library is found, else wasm.
 *
 * @throws UsageError when the backend asked for is not there; the message says what was tried.
 */
export async function createBackend(name: BackendName | 'auto', options: BackendOptions = {}): Promise<Backend> {
  switch (name) {
    case 'reference':
      return referenceBackend();
    case 'native':
      await enableRelaxedSimd();
      return nativeBackend(options);
    case 'wasm':
      await enableRelaxedSimd();
      return wasmBackend(options);
    case 'auto': {
      await enableRelaxedSimd();
      const { blas } = await findBlas(options.library);
      return blas ? backendWith(blas) : wasmBackend(options);
    }
    default:
      throw new UsageError(`backend must be one of auto, wasm, native, reference, got '${String(name)}'`);
  }
}
