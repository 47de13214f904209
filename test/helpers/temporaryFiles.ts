import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

/** A folder for the files of a suite, gone after it; `file` writes one there, and returns its path. */
export function temporaryFiles(suite: string) {
  const folder = mkdtempSync(join(tmpdir(), `limitlaw-${suite}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, content: Uint8Array | string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  return { folder, file };
}
