/**
 * Runs independent tasks on worker threads and hands the results back by index, so that what is computed cannot depend
 * on how many workers there are or in which order they finish.
 */
import { Worker } from 'node:worker_threads';

export interface PoolOptions<Task, Result> {
  /**
   * Module of a worker that answers each `{ index, task }` with `{ index, result }` or `{ index, error }`, and may send
   * any number of `{ index, note }` before: see serveTasks.
   */
  readonly workerUrl: URL;
  /** Given to each worker once, as `workerData`. */
  readonly workerData?: unknown;
  readonly workers: number;
  readonly tasks: readonly Task[];
  /** Called as each task ends, in order of completion: for progress only. */
  readonly onResult?: (index: number, result: Result, done: number) => void;
  /**
   * Called with a task's error; the others go on, and its place stays `undefined`. Without it the first error ends the
   * run.
   */
  readonly onFailure?: (index: number, error: Error) => void;
  /** Called with what a task says before it ends. An error thrown here ends the run. */
  readonly onNote?: (index: number, note: unknown) => void;
  /** When it fires, no further task is started; what is finished is returned. */
  readonly signal?: AbortSignal;
}

export interface PoolOutcome<Result> {
  /** One place a task; `undefined` only after an interruption. */
  readonly results: readonly (Result | undefined)[];
  readonly interrupted: boolean;
}

interface Answer<Result> {
  readonly index: number;
  readonly result?: Result;
  readonly error?: { readonly name: string; readonly message: string };
  readonly note?: unknown;
}

/**
 * Runs every task. A task's error goes to `onFailure`; without one it ends the run, under its own name and message, once
 * the workers are stopped. A worker that dies always ends it. `workers` is capped by the number of tasks.
 */
export async function runTasks<Task, Result>(options: PoolOptions<Task, Result>): Promise<PoolOutcome<Result>> {
  const { tasks, signal } = options;
  const results: (Result | undefined)[] = new Array<Result | undefined>(tasks.length).fill(undefined);
  const count = Math.min(options.workers, tasks.length);
  let next = 0;
  let done = 0;
  const workers: Worker[] = [];
  try {
    await Promise.all(
      Array.from({ length: count }, async () => {
        const worker = new Worker(options.workerUrl, { workerData: options.workerData });
        workers.push(worker);
        while (next < tasks.length && signal?.aborted !== true) {
          const index = next++;
          const answer = await ask<Task, Result>(worker, index, tasks[index] as Task, options);
          if (answer === undefined) return;
          if (answer.error !== undefined) {
            const failure = Object.assign(new Error(answer.error.message), { name: answer.error.name });
            if (options.onFailure === undefined) throw failure;
            options.onFailure(index, failure);
            done++;
            continue;
          }
          results[index] = answer.result as Result;
          done++;
          options.onResult?.(index, answer.result as Result, done);
        }
      }),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return { results, interrupted: signal?.aborted === true && done < tasks.length };
}

/**
 * One question to one worker; `undefined` when the signal fires first, so that an interruption need not wait for a long
 * task.
 */
function ask<Task, Result>(
  worker: Worker,
  index: number,
  task: Task,
  { signal, onNote }: Pick<PoolOptions<Task, Result>, 'signal' | 'onNote'>,
): Promise<Answer<Result> | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (action: () => void) => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      signal?.removeEventListener('abort', onAbort);
      action();
    };
    const onMessage = (answer: Answer<Result>) => {
      if (!('note' in answer)) return settle(() => resolve(answer));
      try {
        onNote?.(index, answer.note);
      } catch (error) {
        settle(() => reject(error));
      }
    };
    const onError = (error: Error) => settle(() => reject(error));
    const onExit = (code: number) =>
      settle(() => reject(new Error(`a worker stopped with code ${code} during task ${index}`)));
    const onAbort = () => settle(() => resolve(undefined));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
    signal?.addEventListener('abort', onAbort, { once: true });
    worker.postMessage({ index, task });
  });
}
