import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../theory/errors.js';
import type { JournalHeader } from './journalHeader.js';
import { readJournalHeader } from './readJournal.js';
import { fileStem, shardFolder, shardOfFile } from './runFiles.js';

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
  const shards = join(folder, shardFolder);
  const names = existsSync(shards) ? readdirSync(shards).filter((name) => shardOfFile(name) !== undefined) : [];
  const paths = [join(folder, `${fileStem(null)}.jsonl`), ...names.sort().map((name) => join(shards, name))];
  for (const path of paths) {
    const header = readJournalHeader(path);
    if (header !== undefined) return header;
  }
  return undefined;
}
