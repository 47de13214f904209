/** Draws a job, or its part, into a run folder, where every finished task is kept at once. */
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
import { findHeader } from '../../store/storedHeader.js';
import { shownPath } from '../../store/runFolder.js';
import type { RunFolder } from '../../store/runFolder.js';
import { version } from '../../version.js';
import { drawTasks, placed } from './drawTasks.js';
import type { DrawOptions } from './drawTasks.js';
import { finishedManifest } from './finishedManifest.js';
import type { Drawn, Job, JobOutcome } from './job.js';

export interface RunJobOptions extends Pick<DrawOptions<unknown>, 'workers' | 'shard' | 'signal' | 'onProgress'> {
  /** 'auto' is that with which the run, or one of its shards, was begun, where it was. */
  readonly backend: BackendName | 'auto';
  /** Called once it is known that the folder is this run's and that something may be drawn. */
  readonly onBegin?: (backend: Backend) => void;
}

export interface JudgeOptions {
  readonly workers: number;
  readonly clock: () => Date;
}

export interface JudgedRun<Outcome> {
  readonly outcome: Outcome;
  /** Tasks that have a result. */
  readonly drawn: number;
  /** Those that a person would open first. */
  readonly files: readonly string[];
}

/**
 * Draws what is not in the folder yet. The folder stays usable whatever ends the drawing.
 * @throws UsageError when the folder holds another run, or this one finished; StoreError when it cannot be written.
 */
export async function drawInto<Task, Result, Outcome extends JobOutcome>(
  job: Job<Task, Result, Outcome>,
  folder: RunFolder,
  { backend: wanted, onBegin, ...options }: RunJobOptions,
): Promise<Drawn<Result>> {
  const shard = options.shard ?? null;
  const begun = readJournalHeader(join(folder.path, `${fileStem(shard)}.jsonl`)) ?? findHeader(folder.path);
  const backend = await createBackend(wanted === 'auto' ? ((begun?.backend as BackendName) ?? wanted) : wanted);
  const journal = openJournal<Result>(folder.path, headerOf(job, backend, shard));
  try {
    if (shard === null) refuseFinished(folder, placed(job, journal.kept, folder.path));
    onBegin?.(backend);
    return await drawTasks(job, { ...options, backend, store: { folder, journal } });
  } finally {
    await journal.close();
  }
}

/** Draws a whole run, judges it and writes what it says. Throws as `drawInto` does. */
export async function runJob<Task, Result, Outcome extends JobOutcome>(
  job: Job<Task, Result, Outcome>,
  folder: RunFolder,
  options: Omit<RunJobOptions, 'shard'> & JudgeOptions,
): Promise<JudgedRun<Outcome>> {
  const created = options.clock();
  return await judgeInto(job, folder, await drawInto(job, folder, options), created, options);
}

/** Judges what is drawn and writes what it says. */
export async function judgeInto<Task, Result, Outcome extends JobOutcome>(
  job: Job<Task, Result, Outcome>,
  folder: RunFolder,
  results: Drawn<Result>,
  created: Date,
  { workers, clock }: JudgeOptions,
): Promise<JudgedRun<Outcome>> {
  await job.prepare?.(results, workers);
  const outcome = job.judge(results);
  const drawn = results.results.filter((result) => result !== undefined).length;
  const seconds = Math.round((clock().getTime() - created.getTime()) / 100) / 10;
  const facts = { created, seconds, workers, tasks: job.tasks.length, drawn };
  const { caveats } = results;
  const files = await job.save(folder, outcome, caveats.length === 0 ? facts : { ...facts, caveats });
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

function refuseFinished(folder: RunFolder, results: readonly unknown[]): void {
  if (results.includes(undefined) || finishedManifest(folder.path) === undefined) return;
  const path = shownPath(folder);
  throw new UsageError(
    `'${path}' holds this run and it is finished: limitlaw show '${path}' prints it again; name another folder to draw it anew`,
  );
}
