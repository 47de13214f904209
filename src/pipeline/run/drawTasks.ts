/** Tasks and what is kept of them already → the results of all. */
import type { Backend, BackendName } from '../../../simulations/contracts.js';
import { runTasks } from '../../../simulations/runner/index.js';
import { compiledUrl } from '../../draws/compiledUrl.js';
import { createEnvironment } from '../../draws/environment.js';
import type { Journal } from '../../store/journal.js';
import type { RunFolder } from '../../store/runFolder.js';
import type { Shard } from '../../store/runFiles.js';
import { tasksOfShard } from '../../store/shards.js';
import type { Drawn, FailedTask, Job, JobOutcome } from './job.js';

export interface DrawProgress {
  readonly done: number;
  readonly total: number;
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
  'tasks' | 'worker' | 'label' | 'perform' | 'retain' | 'isWhole'
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
  let done = own.length - pending.length;
  const ended = (index: number) => onProgress?.({ done: ++done, total: own.length, label: job.label(tasks[index]!) });
  const { interrupted } = await perform(job, pending, {
    backend,
    workers,
    signal,
    onResult(index, result) {
      const kept = job.retain?.(result, store?.folder) ?? result;
      store?.journal.append(index, kept);
      results[index] = kept;
      ended(index);
    },
    onFailure(index, error) {
      failed.push({ index, error });
      ended(index);
    },
  });
  return { results, backend: backend.name, interrupted, failed: failed.sort((a, b) => a.index - b.index), caveats: [] };
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
  onResult(index: number, result: Result): void;
  onFailure(index: number, error: Error): void;
}

/** On workers where there are some, else here, one after the other. */
async function perform<Task, Result>(
  job: Drawable<Task, Result>,
  pending: readonly number[],
  { backend, workers, signal, onResult, onFailure }: Performance<Result>,
): Promise<{ interrupted: boolean }> {
  const { tasks, worker } = job;
  if (workers > 0 && worker !== undefined) {
    return await runTasks<Task, Result>({
      workerUrl: compiledUrl(worker),
      workerData: { backend: backend.name satisfies BackendName },
      workers,
      tasks: pending.map((index) => tasks[index]!),
      ...(signal === undefined ? {} : { signal }),
      onResult: (place, result) => onResult(pending[place]!, result),
      onFailure: (place, error) => onFailure(pending[place]!, error),
    });
  }
  const environment = createEnvironment(backend);
  for (const index of pending) {
    if (signal?.aborted === true) return { interrupted: true };
    let result: Result;
    try {
      result = await job.perform(tasks[index]!, environment);
    } catch (error) {
      onFailure(index, error as Error);
      continue;
    }
    onResult(index, result);
    // Lets a signal in between two draws.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { interrupted: false };
}
