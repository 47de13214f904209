import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../../theory/errors.js';
import { makeFolder } from './makeFolder.js';

/** Found out before what is to be written is computed. Throws UsageError for a file that is there, or no name. */
export function requireNewFile(path: string, option = '--out'): void {
  if (path.trim() === '') throw new UsageError(`${option} must name a file, got '${path}': give it a name`);
  if (existsSync(path))
    throw new UsageError(
      `${option} must name a new file, but '${path}' exists and nothing is overwritten: name another`,
    );
}

/** Writes a file that is not there yet. Throws UsageError when it is, or when its folder cannot be written. */
export function writeNewFile(path: string, content: string | Uint8Array, option = '--out'): void {
  requireNewFile(path, option);
  try {
    makeFolder(dirname(path));
    writeFileSync(path, content, { flag: 'wx' });
  } catch (error) {
    throw new UsageError(
      `${option} must be writable, but '${path}' is not (${(error as NodeJS.ErrnoException).code ?? String(error)}): name another`,
    );
  }
}
