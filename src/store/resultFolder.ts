/** A folder with the results of a command that draws nothing: a few files, all new. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../theory/errors.js';
import { writeNewFile } from './writeNewFile.js';

/** Found out before anything is computed. Throws UsageError where a file of such a name is there. */
export function requireNewResults(folder: string, names: readonly string[]): void {
  if (folder.trim() === '') throw new UsageError("--out must name a folder, got '': give it a name");
  for (const name of names)
    if (existsSync(join(folder, name)))
      throw new UsageError(
        `--out must name a new folder, but '${folder}' has a ${name} and nothing is overwritten: name another`,
      );
}

/** Returns the paths of the files, in their order. */
export const writeResults = (folder: string, contents: Readonly<Record<string, string>>): string[] =>
  Object.entries(contents).map(([name, content]) => {
    const path = join(folder, name);
    writeNewFile(path, content);
    return path;
  });
