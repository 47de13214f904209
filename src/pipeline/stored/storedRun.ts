/** A run from its folder alone: what was asked for, what is drawn, what is missing. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import type { BackendName } from '../../../simulations/contracts.js';
import { digestOf, requireSameRun } from '../../store/journalHeader.js';
import { readJournal } from '../../store/readJournal.js';
import { fileStem } from '../../store/runFiles.js';
import { joinShards, shardsOfTasks } from '../../store/shards.js';
import { storedHeader } from '../../store/storedHeader.js';
import { version } from '../../version.js';
import { placed } from '../run/drawTasks.js';
import type { Drawn } from '../run/job.js';
import { jobOf } from './jobOf.js';
import type { AnyJob } from './jobOf.js';

export interface StoredRun {
  readonly job: AnyJob;
  readonly results: Drawn<unknown>;
  readonly drawn: number;
  /** Of a sharded run: how many there are, and those with tasks to do yet, as an array expression. */
  readonly shards?: { readonly count: number; readonly incomplete: string };
}

/**
 * @param mixed also joins shards drawn with different backends, kernels or versions of Node
 * @throws UsageError when the folder holds none, shards of different runs, or one of another version of this program;
 * StoreError when a journal was altered.
 */
export async function readStoredRun(folder: string, { mixed = false } = {}): Promise<StoredRun> {
  const header = storedHeader(folder);
  if (header.version !== version)
    throw new UsageError(
      `'${folder}' was drawn by limitlaw ${header.version} and this is ${version}: give the command to the version that drew it`,
    );
  const own = join(folder, `${fileStem(null)}.jsonl`);
  const joined = existsSync(own) ? { ...readJournal(own), mixed: [] } : joinShards(folder, { mixed });
  const job = await jobOf(header);
  const asMade = { ...header, settings: digestOf(job.settings), tasks: job.tasks.length };
  requireSameRun(folder, header, asMade);
  const results = placed(job, joined.kept, folder);
  const missing = [...results.keys()].filter((index) => results[index] === undefined);
  const drawn = results.length - missing.length;
  const { shard } = joined.header;
  return {
    job,
    drawn,
    results: {
      results,
      backend: header.backend as BackendName,
      interrupted: missing.length > 0,
      failed: [],
      caveats: caveatsOf(drawn, results.length, joined.mixed),
    },
    ...(shard === null ? {} : { shards: { count: shard.count, incomplete: shardsOfTasks(missing, shard.count) } }),
  };
}

function caveatsOf(drawn: number, tasks: number, mixed: readonly string[]): string[] {
  return [
    ...(drawn < tasks ? [`Partial: ${drawn} of ${tasks} tasks are drawn; the others are left out.`] : []),
    ...(mixed.length > 0
      ? [`Joined of shards with different ${mixed.join(', ')}: numbers may differ from those of one machine by 1e-12.`]
      : []),
  ];
}
