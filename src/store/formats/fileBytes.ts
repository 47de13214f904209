/** Parts of a file that may be larger than memory. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import { reasonOf } from './readArrayFile.js';

export interface FileBytes {
  /** For sentences. */
  readonly source: string;
  readonly size: number;
  /** Fills `out` from byte `position` on. Throws UsageError where the file ends before. */
  read(position: number, out: Uint8Array): void;
  close(): void;
}

/** @throws UsageError for a file that is not there, or may not be read, or is a directory */
export function openBytes(path: string): FileBytes {
  const source = basename(path);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const found = fstatSync(descriptor);
    if (found.isDirectory()) throw Object.assign(new Error('a directory'), { code: 'EISDIR' });
    return bytesOf(descriptor, found.size, source);
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    throw new UsageError(`${path}: ${reasonOf(error)}. Check the path.`);
  }
}

function bytesOf(descriptor: number, size: number, source: string): FileBytes {
  return {
    source,
    size,
    read(position, out) {
      for (let done = 0; done < out.length;) {
        const count = readSync(descriptor, out, done, out.length - done, position + done);
        if (count === 0)
          throw new UsageError(
            `${source}, byte ${position + done}: the file ends here, but its header says that it goes on. Was it written to while it was read? Copy it again.`,
          );
        done += count;
      }
    },
    close: () => closeSync(descriptor),
  };
}
