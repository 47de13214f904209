/** The script of a scheduler's job that draws a run in shards, for a person to read and submit. */
import { basename, resolve } from 'node:path';
import { UsageError } from '../../theory/errors.js';
import { wholeNumber } from '../pipeline/options/wholeNumber.js';
import { memoryOfRun, requireRunMemory } from '../pipeline/run/memory.js';
import { drawPilot } from '../pipeline/run/pilot.js';
import type { Pilot } from '../pipeline/run/pilot.js';
import { slurmScript } from '../pipeline/run/slurmScript.js';
import type { SlurmJob } from '../pipeline/run/slurmScript.js';
import type { AnyJob } from '../pipeline/stored/jobOf.js';
import { memoryLimit } from '../store/allocation.js';
import { examineMachine } from '../store/machine.js';
import { runPathNamed } from '../store/runFolder.js';
import { exitCodes } from './exitCodes.js';
import type { ExitCode } from './exitCodes.js';
import type { RunOptions } from './runOptions.js';
import { kindOf, settingsOf } from './settingWords.js';
import type { Described } from './settingWords.js';
import { printJson } from './terminal.js';
import type { Terminal } from './terminal.js';
import { counted } from '../pipeline/counted.js';

/** A node may be so much slower than this machine, or shared. */
const safety = { time: 3, memory: 1.5 };

/** Seconds: of a shard where nobody says how many there are to be, of trial draws, at least before a shard is ended. */
const shardSeconds = 600;
const pilotBudget = 60;
const shortestWarning = 60;

/** Schedulers allow about so many by default (Slurm: MaxArraySize 1001). */
const mostShards = 1000;

/** A result is text, its values and what is judged of them when it is merged. */
const copiesOfResults = 3;

export async function printJob(
  command: Described,
  options: RunOptions,
  job: AnyJob,
  name: string,
  terminal: Terminal,
): Promise<ExitCode> {
  for (const option of ['shard', 'resume', 'workers'] as const)
    if (options[option] !== undefined)
      throw new UsageError(
        `--print-job prints for all shards of a new run, each with one worker: leave out --${option}`,
      );
  requireRunMemory(job, 1, memoryLimit(options.memory));
  const most = Math.min(job.tasks.length, 100_000);
  const asked = options.shards === undefined ? undefined : wholeNumber('--shards', options.shards, 1, most);
  terminal.err(`${job.plan(1)}, and one draw of each kind first\n`);
  const started = processorSeconds();
  const pilot = await drawPilot(job, {
    backend: options.backend,
    clock: processorSeconds,
    budget: pilotBudget,
    onTrial: (label) => terminal.err(`trial draw${label === '' ? '' : `: ${label}`}\n`),
  });
  const shards = asked ?? Math.max(1, Math.min(Math.round(pilot.seconds / shardSeconds), mostShards, most));
  const described = await slurmJobOf(command, options, { job, name, pilot, shards, started });
  const script = slurmScript(described);
  if (options.json) {
    const { seconds, memory } = described;
    printJson(terminal, { kind: 'job', scheduler: options['print-job'], shards, seconds, memory, pilot, script });
  } else terminal.out(script);
  return exitCodes.done;
}

/** Of this process: what it would take on a machine of its own, however busy this one is. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

interface Planned {
  readonly job: AnyJob;
  readonly name: string;
  readonly pilot: Pilot;
  readonly shards: number;
  /** Seconds of a processor that the process took to its first draw. */
  readonly started: number;
}

async function slurmJobOf(command: Described, options: RunOptions, planned: Planned): Promise<SlurmJob> {
  const { job, name, pilot, shards, started } = planned;
  const out = resolve(options.out ?? runPathNamed(name));
  const longest = started + pilot.longestShard(shards);
  const predicted = memoryOfRun(job, 1).total;
  const peak = process.resourceUsage().maxRSS * 1024;
  const slowest = Math.max(...pilot.kinds.map(({ seconds }) => seconds));
  const limitlaw = [process.execPath, resolve(process.argv[1]!)];
  const drawing = ['--backend', pilot.backend, '--workers', '1', '--shard', `auto/${shards}`, '--out', out];
  const library = process.env['LIMITLAW_BLAS'];
  return {
    name: `limitlaw-${basename(out)}`,
    shardWords: [...limitlaw, kindOf(command), ...wordsOf(command, options), ...drawing],
    mergeWords: [...limitlaw, 'merge', out],
    environment: library === undefined || pilot.backend !== 'native' ? {} : { LIMITLAW_BLAS: library },
    shards,
    // Slurm counts in minutes, and a queue may be slow to begin.
    seconds: Math.max(shardSeconds, safety.time * longest),
    // What draws in its own thread hears of a signal between two draws only.
    warningSeconds: Math.ceil(shortestWarning + (job.worker === undefined ? safety.time * slowest : 0)),
    memory: safety.memory * Math.max(predicted, peak + (copiesOfResults * pilot.resultBytes) / shards),
    mergeMemory: safety.memory * (peak + copiesOfResults * pilot.resultBytes),
    reasons: reasonsOf(planned, { longest, predicted, peak, ...(await examineMachine()) }),
  };
}

/** As they were given, and defaults, so that the script says all; files from anywhere. */
function wordsOf(command: Described, options: RunOptions): string[] {
  return settingsOf(command, options).flatMap(({ word, value, positional }) => {
    if (positional) return [resolve(word)];
    if (typeof value === 'boolean') return value ? [word] : [];
    return [`${word}=${value}`];
  });
}

interface Found {
  readonly longest: number;
  readonly predicted: number;
  readonly peak: number;
  readonly limitlaw: string;
  readonly processor: string;
  readonly node: string;
}

function reasonsOf({ job, pilot, shards, started }: Planned, found: Found): string[] {
  const tried = pilot.kinds.filter((kind) => kind.tried);
  const { label, size, seconds } = tried.reduce((one, other) => (other.seconds > one.seconds ? other : one));
  const rest = pilot.kinds.length - tried.length;
  const what = label === '' ? `d = ${size.dimension}, N = ${size.samples}` : label;
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  return [
    `limitlaw ${found.limitlaw}, Node ${found.node}: ${counted(job.tasks.length, 'draw')} of a ${job.kind}, seed ${job.seed}, in ${counted(shards, 'shard')}.`,
    `Time: trial draws of ${tried.length} kinds${rest > 0 ? ` (${rest} smaller kinds count as the last of them)` : ''}, on ${found.processor}, backend ${pilot.backend};`,
    `the slowest (${what}) took ${shown(seconds)} of one processor, so the whole takes ${shown(pilot.seconds)} and the longest shard ${shown(found.longest)},`,
    `of which ${shown(started)} to start. --time is ${safety.time} times that, and at least ${shown(shardSeconds)}: a shard that needs more goes on when queued again.`,
    `Memory: ${megabytes(found.predicted)} for the largest draws, ${megabytes(found.peak)} measured; --mem is ${safety.memory} times the larger.`,
  ].map((line) => line.replace(/\p{Cc}/gu, ' '));
}

function shown(seconds: number): string {
  if (seconds < 0.1) return `${Math.ceil(seconds * 1000)} ms`;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
