import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import { renderHeadReport } from '../../report/index.js';
import { examineMachine } from '../../store/machine.js';
import { writeNewFile } from '../../store/writeNewFile.js';
import type { HeadOutcome } from './runHead.js';
import { rowsCsv } from './rowTable.js';

const names = ['results.json', 'rows.csv', 'report.html'] as const;

/** Found out before anything is computed. Throws UsageError where a file of this name is there. */
export function requireNewHead(folder: string): void {
  if (folder.trim() === '') throw new UsageError("--out must name a folder, got '': give it a name");
  for (const name of names)
    if (existsSync(join(folder, name)))
      throw new UsageError(
        `--out must name a new folder, but '${folder}' has a ${name} and nothing is overwritten: name another`,
      );
}

/** Writes results.json, rows.csv with every class, and report.html. Returns their paths. */
export async function saveHead(
  folder: string,
  { result, rows }: HeadOutcome,
  { created, seconds }: { readonly created: Date; readonly seconds: number },
): Promise<string[]> {
  const machine = { ...(await examineMachine()) };
  const contents = {
    'results.json': `${JSON.stringify(result, null, 1)}\n`,
    'rows.csv': rowsCsv(rows),
    'report.html': renderHeadReport(result, { created: created.toISOString(), seconds, machine }),
  };
  return names.map((name) => {
    const path = join(folder, name);
    writeNewFile(path, contents[name]);
    return path;
  });
}
