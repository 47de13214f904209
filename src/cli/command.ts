import type { Options as YargsOptions } from 'yargs';
import type { ExitCode } from './exitCodes.js';
import type { Terminal } from './terminal.js';

/** A command: its options, and a handler that returns the exit code. */
export interface Command<Options> {
  readonly name: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, YargsOptions>>;
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  run(options: Options, terminal: Terminal): Promise<ExitCode>;
}
