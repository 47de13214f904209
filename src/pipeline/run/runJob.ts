/** Draws a job, or its part, into a run folder, where every finished task is kept at once. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import type { Backend, BackendName } from '../../../simulations/contracts.js';
import { compiledKernels, createBackend } from '../../../simulations/linalg/index.js';
import { openJournal } from '../../store/journal.js';
import { digestOf, digestOfFile } from '../../store/journalHeader.js';
import type { JournalHeader } from '../../store/journalHeader.js';
import { readJournalHeader } from '../../store/readJournal.js';
import { fileStem } from '../../store/runFiles.js';
import type { Shard } from '../../store/runFiles.js';
import { readRunJson } from '../../store/runFolder.js';
import type { RunFolder } from '../../store/runFolder.js';
import { version } from '../../version.js';
import { drawTasks } from './drawTasks.js';
import type { DrawOptions } from './drawTasks.js';
import type { Drawn, Job, JobOutcome } from './job.js';

export interface RunJobOptions extends Pick<DrawOptions<unknown>, 'workers' | 'shard' | 'signal' | 'onProgress'> {
  /** 'auto' is that with which the run was begun, where it was. */
  readonly backend: BackendName | 'auto';
}

/**
 * Draws what is not in the folder yet. The folder stays usable whatever ends the drawing.
 * @throws UsageError when the folder holds another run, or this one finished; StoreError when it cannot be written.
 */
export async function drawInto<Task, Result, Outcome extends JobOutcome>(
  job: Job<Task, Result, Outcome>,
  folder: RunFolder,
  { backend: wanted, ...options }: RunJobOptions,
): Promise<Drawn<Result>> {
  const shard = options.shard ?? null;
  const begun = readJournalHeader(join(folder.path, `${fileStem(shard)}.jsonl`));
  const backend = await createBackend(wanted === 'auto' ? ((begun?.backend as BackendName) ?? wanted) : wanted);
  const journal = openJournal<Result>(folder.path, headerOf(job, backend, shard));
  try {
    if (shard === null) refuseFinished(folder.path, journal.kept.size);
    return await drawTasks(job, { ...options, backend, store: { folder, journal } });
  } finally {
    await journal.close();
  }
}

/** Draws a whole run, judges it and writes what it says. Throws as `drawInto` does. */
export async function runJob<Task, Result, Outcome extends JobOutcome>(
  job: Job<Task, Result, Outcome>,
  folder: RunFolder,
  options: Omit<RunJobOptions, 'shard'>,
): Promise<{ readonly outcome: Outcome; readonly drawn: number; readonly files: readonly string[] }> {
  const created = new Date();
  const results = await drawInto(job, folder, options);
  return await judgeInto(job, folder, results, created, options.workers);
}

export async function judgeInto<Task, Result, Outcome extends JobOutcome>(
  job: Job<Task, Result, Outcome>,
  folder: RunFolder,
  results: Drawn<Result>,
  created: Date,
  workers: number,
): Promise<{ readonly outcome: Outcome; readonly drawn: number; readonly files: readonly string[] }> {
  const outcome = job.judge(results);
  const drawn = results.results.filter((result) => result !== undefined).length;
  const seconds = Math.round((Date.now() - created.getTime()) / 100) / 10;
  const files = await job.save(folder, outcome, { created, seconds, workers, tasks: job.tasks.length, drawn });
  return { outcome, drawn, files };
}

function headerOf<Task, Result, Outcome extends JobOutcome>(
  { kind, request, seed, settings, inputs, tasks }: Job<Task, Result, Outcome>,
  backend: Backend,
  shard: Shard | null,
): JournalHeader {
  return {
    kind,
    version,
    seed,
    settings: digestOf(settings),
    request,
    backend: backend.name,
    kernels: digestOf([backend.description, compiledKernels]),
    node: process.versions.node,
    inputs: Object.fromEntries(inputs.map((path) => [path, digestOfFile(path)])),
    tasks: tasks.length,
    shard,
  };
}

function refuseFinished(path: string, kept: number): void {
  if (!existsSync(join(path, 'manifest.json'))) return;
  const { tasks, drawn } = readRunJson(path, 'manifest.json', 'limitlaw check') as Partial<RunCount>;
  if (tasks === undefined || drawn !== tasks || kept < tasks) return;
  throw new UsageError(
    `'${path}' holds this run and it is finished: limitlaw show '${path}' prints it again; name another folder to draw it anew`,
  );
}

interface RunCount {
  readonly tasks: number;
  readonly drawn: number;
}
