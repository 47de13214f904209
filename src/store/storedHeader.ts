import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../theory/errors.js';
import type { JournalHeader } from './journalHeader.js';
import { journalPaths } from './journalPaths.js';
import { readJournalHeader } from './readJournal.js';
import { readRunJson } from './runFolder.js';

/**
 * The header of the whole run in a folder, or of the first of its shards.
 * @throws UsageError when there is none.
 */
export function storedHeader(folder: string): JournalHeader {
  const header = findHeader(folder);
  if (header !== undefined) return header;
  const command = drawingNothing(folder);
  throw new UsageError(
    command === undefined
      ? `'${folder}' must be the folder of a run, but no draw is kept there: name a folder that check, sweep, sample or train made`
      : `'${folder}' is of 'limitlaw ${command}', which draws nothing: open its report.html, or see limitlaw figures --from '${folder}'`,
  );
}

/** Of a folder with the results of a command that measures what it is given. */
function drawingNothing(folder: string): string | undefined {
  if (!existsSync(join(folder, 'results.json'))) return undefined;
  const { kind } = (readRunJson(folder, 'results.json', 'limitlaw head') ?? {}) as { readonly kind?: unknown };
  return ['head', 'blocks'].find((command) => command === kind);
}
/** As above; undefined when there is none. */
export function findHeader(folder: string): JournalHeader | undefined {
  for (const path of journalPaths(folder)) {
    const header = readJournalHeader(path);
    if (header !== undefined) return header;
  }
  return undefined;
}
