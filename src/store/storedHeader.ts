import { UsageError } from '../../theory/errors.js';
import type { JournalHeader } from './journalHeader.js';
import { journalPaths } from './journalPaths.js';
import { readJournalHeader } from './readJournal.js';

/**
 * The header of the whole run in a folder, or of the first of its shards.
 * @throws UsageError when there is none.
 */
export function storedHeader(folder: string): JournalHeader {
  const header = findHeader(folder);
  if (header !== undefined) return header;
  throw new UsageError(
    `'${folder}' must be the folder of a run, but no draw is kept there: name a folder that check, sweep, sample or train made`,
  );
}

/** As above; undefined when there is none. */
export function findHeader(folder: string): JournalHeader | undefined {
  for (const path of journalPaths(folder)) {
    const header = readJournalHeader(path);
    if (header !== undefined) return header;
  }
  return undefined;
}
