import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../../theory/errors.js';
import { makeFolder } from './makeFolder.js';

/** Writes a file that is not there yet. Throws UsageError when it is, or when its folder cannot be written. */
export function writeNewFile(path: string, content: string | Uint8Array): void {
  if (path.trim() === '') throw new UsageError(`--out must name a file, got '${path}': give it a name`);
  if (existsSync(path))
    throw new UsageError(`--out must name a new file, but '${path}' exists and nothing is overwritten: name another`);
  try {
    makeFolder(dirname(path));
    writeFileSync(path, content, { flag: 'wx' });
  } catch (error) {
    throw new UsageError(
      `--out must be writable, but '${path}' is not (${(error as NodeJS.ErrnoException).code ?? String(error)}): name another`,
    );
  }
}
