import type { Options as YargsOptions } from 'yargs';
import { number, text } from './modelOptions.js';

/** Of every command that draws a run. */
export interface RunOptions {
  json: boolean;
  workers?: string;
  backend: 'auto' | 'wasm' | 'native' | 'reference';
  out?: string;
  resume?: string;
  shard?: string;
  memory?: string;
  'print-job'?: 'slurm';
  shards?: string;
  view?: boolean;
  /** Names of the options that stand on the command line, whatever their values. */
  given: ReadonlySet<string>;
}

export const runOptions = {
  workers: number('Worker threads [default: the cores given to this process]'),
  memory: text(
    'Most that may be used, such as 4G [default: what the scheduler, its control group or the machine allows]',
  ),
  backend: { choices: ['auto', 'wasm', 'native', 'reference'], default: 'auto', describe: 'Linear algebra' },
  out: text('Run folder: new, empty, or that of this run cut short [default: limitlaw-runs/<time>-<command>]'),
  resume: text('Go on with the run in this folder, with the settings it was begun with'),
  shard: text('k/n: draw only the k-th of n parts into the folder that all share; auto/n in a job array; then merge'),
  'print-job': { choices: ['slurm'], describe: 'Print a job script that draws the run in shards, after trial draws' },
  shards: number('Shards of the job script [default: such that each takes ten minutes]'),
} as const satisfies Readonly<Record<string, YargsOptions>>;

/** Of those that write a report. */
export const reportOptions = {
  view: { type: 'boolean', default: false, describe: 'Open the report when the run has ended' },
} as const satisfies Readonly<Record<string, YargsOptions>>;
