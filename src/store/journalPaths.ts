import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileStem, shardFolder, shardOfFile } from './runFiles.js';

/** Where the lines of a run's journals are: the whole run's, which need not be there, and its shards', in their order. */
export function journalPaths(folder: string): string[] {
  const shards = join(folder, shardFolder);
  const names = existsSync(shards) ? readdirSync(shards).filter((name) => shardOfFile(name) !== undefined) : [];
  return [join(folder, `${fileStem(null)}.jsonl`), ...names.sort().map((name) => join(shards, name))];
}
