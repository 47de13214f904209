/** What each backend would run on, and why one is missing: for `doctor`. */
import type { BackendName } from '../contracts.js';
import { createBackend, type BackendOptions } from './createBackend.js';

export interface BackendDescription {
  readonly name: BackendName;
  readonly available: boolean;
  /** The backend's description, or the reason it is missing. */
  readonly description: string;
}

/** In the order in which 'auto' prefers them. */
export async function describeBackends(options: BackendOptions = {}): Promise<BackendDescription[]> {
  const descriptions: BackendDescription[] = [];
  for (const name of ['native', 'wasm', 'reference'] as const) {
    try {
      descriptions.push({ name, available: true, description: (await createBackend(name, options)).description });
    } catch (error) {
      descriptions.push({
        name,
        available: false,
        description: error instanceof Error ? error.message : String(error),
      });
    }
  }
  return descriptions;
}
