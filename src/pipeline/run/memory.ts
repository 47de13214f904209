import type { DrawSettings } from '../../../simulations/contracts.js';
import { predictMemory } from '../../../simulations/models/predictMemory.js';
import { workspacesKept } from '../../draws/environment.js';
import { inGibibytes, requireMemory } from '../../store/allocation.js';
import type { MemoryLimit } from '../../store/allocation.js';
import type { Job, JobOutcome } from './job.js';
import { counted } from '../counted.js';

/** What the runtime takes for a worker besides its buffers. */
const runtimeBytes = 60 * 2 ** 20;

/** What the process itself takes, and what each task of its list and each result take. Measured: 110 MB, 2.4 kB. */
const processBytes = 110 * 2 ** 20;
const taskBytes = 3 * 2 ** 10;

/** Bytes of a run, and of them what each of its workers needs. */
export interface RunMemory {
  readonly worker: number;
  readonly total: number;
}

type Sized<Task, Result> = Pick<Job<Task, Result, JobOutcome>, 'kind' | 'tasks' | 'sizeOf' | 'besideDraw' | 'worker'>;

/** What a run on so many workers needs at most; without any it draws in its own thread. */
export function memoryOfRun<Task, Result>(job: Sized<Task, Result>, workers: number): RunMemory {
  const beside = job.tasks.reduce((most, task) => Math.max(most, job.besideDraw?.(task) ?? 0), 0);
  const worker = memoryOfWorker(new Set(job.tasks.map((task) => job.sizeOf(task)))) + beside;
  return { worker, total: (job.worker === undefined ? 1 : Math.max(1, workers)) * worker + ownBytes(job) };
}

const ownBytes = ({ tasks }: { readonly tasks: readonly unknown[] }): number => processBytes + taskBytes * tasks.length;

/** Throws UsageError, naming the sum, for a run that does not fit. */
export function requireRunMemory<Task, Result>(job: Sized<Task, Result>, workers: number, limit: MemoryLimit): void {
  const { worker, total } = memoryOfRun(job, workers);
  const fitting = Math.floor((limit.bytes - ownBytes(job)) / worker);
  requireMemory(
    total,
    limit,
    `${job.kind} with ${counted(workers, 'worker')} of ${inGibibytes(worker)} GiB (largest draw ${largestOf(job)})`,
    fitting >= 1 ? `use --workers ${fitting}, or draw smaller ones` : 'draw smaller ones',
  );
}

/**
 * Bytes that one worker needs at most for draws of these sizes: the largest workspaces it may keep at a time, the
 * largest draw, the runtime.
 */
export function memoryOfWorker(sizes: Iterable<DrawSettings>): number {
  const workspaces = new Map<string, number>();
  let draw = 0;
  for (const settings of sizes) {
    const prediction = predictMemory(settings);
    workspaces.set(`${settings.dimension}×${settings.samples}`, prediction.workspace);
    draw = Math.max(draw, prediction.draw + prediction.block);
  }
  const kept = [...workspaces.values()].sort((a, b) => b - a).slice(0, workspacesKept);
  return kept.reduce((sum, bytes) => sum + bytes, draw + runtimeBytes);
}

function largestOf<Task, Result>(job: Sized<Task, Result>): string {
  const sizes = [...new Set(job.tasks.map((task) => job.sizeOf(task)))];
  const { dimension, samples } = sizes.reduce((one, other) =>
    predictMemory(other).total > predictMemory(one).total ? other : one,
  );
  return `d = ${dimension}, N = ${samples}`;
}
