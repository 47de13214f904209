import type { Options as YargsOptions, PositionalOptions } from 'yargs';
import type { ExitCode } from './exitCodes.js';
import type { Terminal } from './terminal.js';

/** A command: its options, and a handler that returns the exit code. */
export interface Command<Options> {
  /** With its words: `merge <run>`. */
  readonly name: string;
  readonly summary: string;
  /** What is said of the words that have no option's name. */
  readonly words?: Readonly<Record<string, PositionalOptions>>;
  readonly options: Readonly<Record<string, YargsOptions>>;
  /** It takes none of the shared options: it has no results and no settings. */
  readonly plain?: true;
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  run(options: Options, terminal: Terminal): Promise<ExitCode>;
}

/** Of every command that is not plain. */
const sharedOptions: Readonly<Record<string, YargsOptions>> = {
  json: { type: 'boolean', default: false, describe: 'One JSON object on stdout, logs on stderr' },
  config: {
    type: 'string',
    requiresArg: true,
    describe: 'JSON file of options that are not given here [default: the one that LIMITLAW_CONFIG names]',
  },
};

type Described = Pick<Command<never>, 'name' | 'options' | 'plain'>;

/** `merge` of `merge <run>`. */
export const nameOf = ({ name }: Pick<Command<never>, 'name'>): string => name.split(' ')[0]!;

/** All that a command takes, but for `--help` and `--version`. */
export const optionsOf = ({ options, plain }: Described): Readonly<Record<string, YargsOptions>> => ({
  ...options,
  ...(plain === true ? {} : sharedOptions),
});
