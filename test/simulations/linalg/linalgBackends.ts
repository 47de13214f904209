/**
 * Every backend that can run here; the native one only where its library is installed, which backendChoice.test.ts
 * looks at.
 */
import { createBackend, describeBackends } from '../../../simulations/linalg/index.js';
import type { Backend } from '../../../simulations/contracts.js';

export async function backendsHere(): Promise<[string, Backend][]> {
  const backends: [string, Backend][] = [
    ['wasm with fused multiply-adds', await createBackend('wasm')],
    ['wasm without', await createBackend('wasm', { fused: false })],
    ['reference', await createBackend('reference')],
  ];
  if ((await describeBackends()).some(({ name, available }) => name === 'native' && available)) {
    backends.push(['native', await createBackend('native')]);
  }
  return backends;
}
