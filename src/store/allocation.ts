/** What this process may use: the machine's memory and processors, or the part of them that a scheduler has given it. */
import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../theory/errors.js';

export type Variables = Readonly<Record<string, string | undefined>>;

export interface MemoryLimit {
  readonly bytes: number;
  /** Who sets it, for a sentence: `the machine has`, `SLURM_MEM_PER_NODE allows`. */
  readonly says: string;
}

/** What the process can ask of its machine; tests have their own. */
export interface Machine {
  readonly memory: number;
  /** Of the control group of this process, in bytes; 0, or more than the machine has, where there is none. */
  readonly constrainedMemory: number;
  /** Processors that this process may run on: its affinity. */
  readonly processors: number;
  /** Processors' worth of time that its control group allows; Infinity where it does not tell. */
  readonly quota: number;
}

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

export const thisMachine = (): Machine => ({
  memory: totalmem(),
  constrainedMemory: process.constrainedMemory(),
  processors: availableParallelism(),
  quota: quotaOfControlGroup(),
});

/**
 * The least of what the user (`--memory`), Slurm, the control group and the machine allow. That of the machine is what
 * a process in a job sees, whatever the job may use.
 * @throws UsageError when `given` is no amount of memory.
 */
export function memoryLimit(
  given?: string,
  environment: Variables = process.env,
  machine: Machine = thisMachine(),
): MemoryLimit {
  const perCpu = amountIn(environment, 'SLURM_MEM_PER_CPU');
  const limits: MemoryLimit[] = [
    { bytes: machine.memory, says: 'the machine has' },
    { bytes: machine.constrainedMemory || Infinity, says: 'its control group allows' },
    { bytes: (amountIn(environment, 'SLURM_MEM_PER_NODE') ?? Infinity) * mebibyte, says: 'SLURM_MEM_PER_NODE allows' },
    {
      bytes: (perCpu ?? Infinity) * (amountIn(environment, 'SLURM_CPUS_ON_NODE') ?? 1) * mebibyte,
      says: 'SLURM_MEM_PER_CPU allows',
    },
    { bytes: given === undefined ? Infinity : bytesFrom(given), says: '--memory allows' },
  ];
  return limits.reduce((least, limit) => (limit.bytes < least.bytes ? limit : least));
}

/** Processors that this process is given: by Slurm, Grid Engine, its control group, or its affinity; at least 1. */
export function processorsGiven(environment: Variables = process.env, machine: Machine = thisMachine()): number {
  const scheduled =
    amountIn(environment, 'SLURM_CPUS_PER_TASK') ??
    amountIn(environment, 'SLURM_CPUS_ON_NODE') ??
    amountIn(environment, 'NSLOTS') ??
    Infinity;
  return Math.max(1, Math.min(scheduled, machine.processors, Math.ceil(machine.quota)));
}

/**
 * Refuses what does not fit.
 * @param need for a sentence: `sweep: 2 workers of 0.7 GiB and 0.1 GiB for itself`
 * @throws UsageError
 */
export function requireMemory(bytes: number, limit: MemoryLimit, need: string, remedy: string): void {
  if (bytes <= limit.bytes) return;
  throw new UsageError(
    `${need} needs ${inGibibytes(bytes)} GiB and ${limit.says} ${inGibibytes(limit.bytes)}: ${remedy}`,
  );
}

export const inGibibytes = (bytes: number): string => (bytes / gibibyte).toFixed(1);

/** Slurm writes 0 where a job has all of a node. */
function amountIn(environment: Variables, name: string): number | undefined {
  const text = environment[name];
  return text !== undefined && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}

const powers = ['', 'K', 'M', 'G', 'T'];

/** Units as schedulers take them: 4G and 4GiB are 2³² bytes, 4GB are 4·10⁹. */
function bytesFrom(text: string): number {
  const match = /^(\d{1,9}(?:\.\d{1,3})?) ?([KMGT])(i?B)?$/.exec(text.trim());
  const bytes = match === null ? 0 : Number(match[1]) * (match[3] === 'B' ? 1000 : 1024) ** powers.indexOf(match[2]!);
  if (bytes > 0) return bytes;
  throw new UsageError(`--memory must be an amount with its unit, K, M, G or T, got '${text}': write 4G for 4 GiB`);
}

/** Of the second version of control groups: the least of its own and of those above it. */
function quotaOfControlGroup(): number {
  try {
    const own = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))![1]!;
    let least = Infinity;
    for (let group = own; ; group = join(group, '..')) {
      least = Math.min(least, quotaIn(join('/sys/fs/cgroup', group, 'cpu.max')));
      if (group === '/') return least;
    }
  } catch {
    return Infinity;
  }
}

/** `max 100000`, or the time allowed in each period. */
function quotaIn(path: string): number {
  try {
    const [time, period] = readFileSync(path, 'utf8').split(' ').map(Number);
    return time! > 0 && period! > 0 ? time! / period! : Infinity;
  } catch {
    return Infinity;
  }
}
