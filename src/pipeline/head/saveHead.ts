import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import { writeNewFile } from '../../store/writeNewFile.js';
import type { HeadOutcome } from './runHead.js';
import { rowsCsv } from './rowTable.js';

const [resultFile, rowsFile] = ['result.json', 'rows.csv'];

/** Found out before anything is computed. Throws UsageError where a file of this name is there. */
export function requireNewHead(folder: string): void {
  if (folder.trim() === '') throw new UsageError("--out must name a folder, got '': give it a name");
  for (const name of [resultFile, rowsFile])
    if (existsSync(join(folder, name)))
      throw new UsageError(
        `--out must name a new folder, but '${folder}' has a ${name} and nothing is overwritten: name another`,
      );
}

/** Writes result.json and rows.csv, with every class. Returns their names. */
export function saveHead(folder: string, { result, rows }: HeadOutcome): string[] {
  writeNewFile(join(folder, resultFile), `${JSON.stringify(result, null, 1)}\n`);
  writeNewFile(join(folder, rowsFile), rowsCsv(rows));
  return [resultFile, rowsFile].map((name) => join(folder, name));
}
