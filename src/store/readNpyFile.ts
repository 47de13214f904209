import { readFileSync } from 'node:fs';
import { UsageError } from '../../theory/errors.js';
import { readNpy } from './formats/index.js';

/** Reads a .npy file named by an option. Throws UsageError when it is not there or is none. */
export function readNpyFile(option: string, path: string): ReturnType<typeof readNpy> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UsageError(
      `${option} must name a .npy file that can be read, but '${path}' cannot be (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
    );
  }
  return readNpy(bytes);
}
