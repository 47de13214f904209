/**
 * Node 20 has fused multiply-adds for WebAssembly behind a flag of its engine, later versions by default. Sets the flag
 * for code compiled from now on, unless the kernels are accepted already; outside Node nothing happens and the plain
 * kernels run.
 */
import { decodeBase64 } from '../../random/decodeBase64.js';
import { fusedKernelsBase64 } from './fusedKernels.generated.js';

export async function enableRelaxedSimd(): Promise<void> {
  if (WebAssembly.validate(decodeBase64(fusedKernelsBase64))) return;
  try {
    const { setFlagsFromString } = await import('node:v8');
    setFlagsFromString('--experimental-wasm-relaxed-simd');
  } catch {
    // Not Node: the plain kernels serve.
  }
}
