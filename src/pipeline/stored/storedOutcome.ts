import { readRunJson } from '../../store/runFolder.js';
import { readTaskStates } from '../../store/taskState.js';
import { finishedManifest } from '../run/finishedManifest.js';
import type { Drawn, JobKind } from '../run/job.js';
import type { AnyJob } from './jobOf.js';
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
  const shown = withPartial(job, results, readTaskStates(folder));
  const { results: judged, interrupted } = job.judge(shown);
  const tasks = job.tasks.length;
  return {
    kind: job.kind,
    results: judged,
    interrupted,
    caveats: shown.caveats,
    progress: { drawn, tasks, ...(shards && { shards }) },
  };
}

/** With what unfinished tasks have kept, in the places of their results. */
function withPartial(job: AnyJob, drawn: Drawn<unknown>, states: ReadonlyMap<number, unknown>): Drawn<unknown> {
  const { partial } = job;
  if (partial === undefined || states.size === 0) return drawn;
  const results = drawn.results.map((result, index) =>
    result === undefined && states.has(index) ? partial(job.tasks[index], states.get(index)) : result,
  );
  const caveat = 'What unfinished tasks have kept so far is shown too.';
  return { ...drawn, results, caveats: [...drawn.caveats, caveat] };
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
