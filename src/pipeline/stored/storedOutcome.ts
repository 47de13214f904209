import { readRunJson } from '../../store/runFolder.js';
import { finishedManifest } from '../run/finishedManifest.js';
import type { JobKind } from '../run/job.js';
import { readStoredRun } from './storedRun.js';
import type { StoredRun } from './storedRun.js';

export interface StoredOutcome {
  readonly kind: JobKind;
  /** As results.json holds them, or as they are judged from what is drawn. */
  readonly results: object;
  readonly interrupted: boolean;
  readonly caveats: readonly string[];
  readonly progress: { readonly drawn: number; readonly tasks: number } & Pick<StoredRun, 'shards'>;
}

/**
 * What a run says so far: its own results when it is finished, else what follows from the draws that are kept.
 * @throws UsageError for a folder that holds no run.
 */
export async function storedOutcome(folder: string): Promise<StoredOutcome> {
  const finished = finishedOutcome(folder);
  if (finished !== undefined) return finished;
  const { job, results, drawn, shards } = await readStoredRun(folder, { mixed: true });
  const { results: judged, interrupted } = job.judge(results);
  const tasks = job.tasks.length;
  return {
    kind: job.kind,
    results: judged,
    interrupted,
    caveats: results.caveats,
    progress: { drawn, tasks, ...(shards && { shards }) },
  };
}

function finishedOutcome(folder: string): StoredOutcome | undefined {
  const manifest = finishedManifest(folder);
  if (manifest === undefined) return undefined;
  const { tasks, drawn, caveats = [] } = manifest;
  const results =
    manifest.kind === 'sample' ? manifest : (readRunJson(folder, 'results.json', 'limitlaw check') as object);
  const { kind } = results as { kind: JobKind };
  return { kind, results, interrupted: false, caveats, progress: { drawn, tasks } };
}
