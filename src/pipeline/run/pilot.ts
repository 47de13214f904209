/** Trial draws before a run is given to a scheduler: what it takes in time and in memory. */
import type { BackendName, DrawSettings } from '../../../simulations/contracts.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { createEnvironment } from '../../draws/environment.js';
import { taskNotes } from '../../draws/taskNotes.js';
import { encodeResult } from '../../store/encodedResult.js';
import { shardOfTask } from '../../store/shards.js';
import type { Job, JobOutcome } from './job.js';

export interface PilotOptions {
  readonly backend: BackendName | 'auto';
  /** Seconds, of a processor rather than of a busy machine's day. */
  readonly clock: () => number;
  /** Seconds after which no further kind of task is tried. */
  readonly budget: number;
  readonly onTrial?: (label: string) => void;
}

/** Tasks that a label and the size of their draw make alike; one or two of them were drawn, or none for want of time. */
export interface PilotKind {
  readonly label: string;
  readonly size: DrawSettings;
  readonly tasks: number;
  /** Of the last task that was drawn; where none was, of the largest kind before it. */
  readonly seconds: number;
  readonly tried: boolean;
}

export interface Pilot {
  readonly backend: BackendName;
  /** The largest draws first. */
  readonly kinds: readonly PilotKind[];
  /** Of the whole run on one processor. */
  readonly seconds: number;
  /** Bytes of all results. */
  readonly resultBytes: number;
  /** Seconds of the longest of so many shards. */
  longestShard(count: number): number;
}

interface Trial {
  readonly seconds: number;
  readonly bytes: number;
  /** Seconds of the trial itself. */
  readonly spent: number;
}

/** Seconds below which a second draw tells more. */
const quick = 1;

const unheard = taskNotes(() => {});

/** Draws a task of each kind, in this thread, the largest first, until the budget is spent. */
export async function drawPilot<Task, Result>(
  job: Pick<Job<Task, Result, JobOutcome>, 'tasks' | 'label' | 'sizeOf' | 'perform' | 'retain' | 'trials'>,
  { backend: wanted, clock, budget, onTrial }: PilotOptions,
): Promise<Pilot> {
  const backend = await createBackend(wanted);
  const environment = createEnvironment(backend);
  const trial = async (index: number): Promise<Trial> => {
    const whole = job.tasks[index]!;
    const sum = { seconds: 0, bytes: 0, spent: 0 };
    for (const { task, times } of job.trials?.(whole) ?? [{ task: whole, times: 1 }]) {
      const start = clock();
      const result = await job.perform(task, environment, unheard);
      const { text, bytes } = encodeResult(job.retain?.(result, undefined) ?? result);
      const spent = clock() - start;
      sum.spent += spent;
      sum.seconds += times * spent;
      sum.bytes += times * (text.length + bytes.length);
    }
    return { ...sum, seconds: Math.max(0, sum.seconds), bytes: Math.max(0, sum.bytes) };
  };
  const begun = clock();
  const kinds: PilotKind[] = [];
  const secondsOf = new Float64Array(job.tasks.length);
  let resultBytes = 0;
  let last: Trial = { seconds: 0, bytes: 0, spent: 0 };
  for (const { label, size, indices } of groupsOf(job)) {
    const tried = clock() - begun < budget || kinds.length === 0;
    if (tried) {
      onTrial?.(label);
      last = await trial(indices[0]!);
      // The first one compiles what the others use.
      const other = indices[1] ?? (job.trials && indices[0]);
      if (last.spent < quick && other !== undefined) last = await trial(other);
    }
    for (const index of indices) secondsOf[index] = last.seconds;
    resultBytes += indices.length * last.bytes;
    kinds.push({ label, size, tasks: indices.length, seconds: last.seconds, tried });
  }
  return {
    backend: backend.name,
    kinds,
    seconds: secondsOf.reduce((sum, seconds) => sum + seconds, 0),
    resultBytes,
    longestShard(count) {
      const shards = new Float64Array(count);
      secondsOf.forEach((seconds, index) => (shards[shardOfTask(index, count) - 1]! += seconds));
      return Math.max(...shards);
    },
  };
}

interface Group {
  readonly label: string;
  readonly size: DrawSettings;
  readonly indices: number[];
}

function groupsOf<Task, Result>({
  tasks,
  label,
  sizeOf,
  trials,
}: Pick<Job<Task, Result, JobOutcome>, 'tasks' | 'label' | 'sizeOf' | 'trials'>): Group[] {
  const groups = new Map<string, Group>();
  const keys = new Map<DrawSettings, string>();
  tasks.forEach((task, index) => {
    const size = sizeOf(task);
    if (!keys.has(size)) keys.set(size, JSON.stringify(size));
    const key = `${trials === undefined ? label(task) : ''} ${keys.get(size)}`;
    const group = groups.get(key) ?? { label: label(task), size, indices: [] };
    group.indices.push(index);
    groups.set(key, group);
  });
  // Products and eigenvalues.
  const work = ({ size: { dimension: d, samples } }: Group) => d * d * (samples + d);
  return [...groups.values()].sort((a, b) => work(b) - work(a));
}
