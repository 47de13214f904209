/** Tasks and what is kept of them already → the results of all. */
import type { Backend, BackendName } from '../../../simulations/contracts.js';
import { runTasks } from '../../../simulations/runner/index.js';
import { compiledUrl } from '../../draws/compiledUrl.js';
import { createEnvironment } from '../../draws/environment.js';
import { taskNotes } from '../../draws/taskNotes.js';
import type { TaskNote } from '../../draws/taskNotes.js';
import type { Journal } from '../../store/journal.js';
import type { RunFolder } from '../../store/runFolder.js';
import type { Shard } from '../../store/runFiles.js';
import { tasksOfShard } from '../../store/shards.js';
import { StoreError } from '../../store/storeError.js';
import { taskStates } from '../../store/taskState.js';
import type { Drawn, FailedTask, Job, JobOutcome } from './job.js';

export interface DrawProgress {
  readonly done: number;
  readonly total: number;
  /** Shares of the tasks that are being performed, added up. */
  readonly begun: number;
  readonly label: string;
}

export interface DrawOptions<Result> {
  readonly backend: Backend;
  /** 0 draws in this thread. */
  readonly workers: number;
  /** Where every finished task is kept at once, and what was kept before. */
  readonly store?: { readonly folder: RunFolder; readonly journal: Journal<Result> };
  /** The part to draw; all when null. */
  readonly shard?: Shard | null;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DrawProgress) => void) | undefined;
}

export type Drawable<Task, Result> = Pick<
  Job<Task, Result, JobOutcome>,
  'tasks' | 'worker' | 'label' | 'perform' | 'resumed' | 'retain' | 'isWhole'
>;

/**
 * Performs the tasks that have no result yet. One that fails does not cost the others.
 * @throws StoreError when a result cannot be kept: no further task is begun then.
 */
export async function drawTasks<Task, Result>(
  job: Drawable<Task, Result>,
  { backend, workers, store, shard = null, signal, onProgress }: DrawOptions<Result>,
): Promise<Drawn<Result>> {
  const { tasks } = job;
  const results = placed(job, store?.journal.kept ?? new Map<number, Result>(), store?.folder.path);
  const own = tasksOfShard(tasks.length, shard);
  const pending = own.filter((index) => results[index] === undefined);
  const failed: FailedTask[] = [];
  const states = store && taskStates(store.folder, shard, store.journal.salt);
  const progress = progressOf(own.length, own.length - pending.length, onProgress);
  const { interrupted } = await perform(job, pending, {
    backend,
    workers,
    signal,
    stateOf: (index) => states?.read(index),
    onNote(index, note) {
      if ('state' in note) states?.write(index, note.state);
      else progress.moved(index, note.share, `${job.label(tasks[index]!)}: ${note.text}`);
    },
    onResult(index, result) {
      const kept = job.retain?.(result, store?.folder) ?? result;
      store?.journal.append(index, kept);
      states?.remove(index);
      results[index] = kept;
      progress.ended(index, job.label(tasks[index]!));
    },
    onFailure(index, error) {
      failed.push({ index, error });
      progress.ended(index, job.label(tasks[index]!));
    },
  });
  return { results, backend: backend.name, interrupted, failed: failed.sort((a, b) => a.index - b.index), caveats: [] };
}

/** Counts tasks that have ended, and shares of those that have not. */
function progressOf(total: number, before: number, tell: ((progress: DrawProgress) => void) | undefined) {
  const shares = new Map<number, number>();
  let done = before;
  const say = (label: string) => {
    const begun = [...shares.values()].reduce((sum, share) => sum + share, 0);
    tell?.({ done, total, begun, label });
  };
  return {
    moved(index: number, share: number, label: string) {
      shares.set(index, share);
      say(label);
    },
    ended(index: number, label: string) {
      shares.delete(index);
      done++;
      say(label);
    },
  };
}

/** Results by index, one place a task; without those whose own files, below `folder`, are not there any more. */
export function placed<Task, Result>(
  job: Pick<Drawable<Task, Result>, 'tasks' | 'isWhole'>,
  kept: ReadonlyMap<number, Result>,
  folder: string | undefined,
): (Result | undefined)[] {
  const results = new Array<Result | undefined>(job.tasks.length).fill(undefined);
  for (const [index, result] of kept)
    if (folder === undefined || job.isWhole?.(result, folder) !== false) results[index] = result;
  return results;
}

interface Performance<Result> {
  readonly backend: Backend;
  readonly workers: number;
  readonly signal: AbortSignal | undefined;
  /** What was kept of a task that was cut short. */
  stateOf(index: number): unknown;
  onNote(index: number, note: TaskNote): void;
  onResult(index: number, result: Result): void;
  onFailure(index: number, error: Error): void;
}

/** On workers where there are some, else here, one after the other. */
async function perform<Task, Result>(
  job: Drawable<Task, Result>,
  pending: readonly number[],
  { backend, workers, signal, stateOf, onNote, onResult, onFailure }: Performance<Result>,
): Promise<{ interrupted: boolean }> {
  const { tasks, worker } = job;
  const taskAt = (index: number): Task => {
    const state = job.resumed && stateOf(index);
    return state === undefined ? tasks[index]! : job.resumed!(tasks[index]!, state);
  };
  if (workers > 0 && worker !== undefined) {
    return await runTasks<Task, Result>({
      workerUrl: compiledUrl(worker),
      workerData: { backend: backend.name satisfies BackendName },
      workers,
      tasks: pending.map(taskAt),
      ...(signal === undefined ? {} : { signal }),
      onNote: (place, note) => onNote(pending[place]!, note as TaskNote),
      onResult: (place, result) => onResult(pending[place]!, result),
      onFailure: (place, error) => onFailure(pending[place]!, error),
    });
  }
  const environment = createEnvironment(backend);
  for (const index of pending) {
    if (signal?.aborted === true) return { interrupted: true };
    let result: Result;
    try {
      const notes = taskNotes((note) => onNote(index, note));
      result = await job.perform(taskAt(index), environment, notes);
    } catch (error) {
      if (error instanceof StoreError) throw error;
      onFailure(index, error as Error);
      continue;
    }
    onResult(index, result);
    // Lets a signal in between two draws.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { interrupted: false };
}
