/** The settings of a command that draws, as they stand on its command line: what is drawn, not how or where. */
import type { JobKind } from '../pipeline/run/job.js';
import { nameOf } from './command.js';
import type { Command } from './command.js';
import { reportOptions, runOptions } from './runOptions.js';
import type { RunOptions } from './runOptions.js';

export type Described = Pick<Command<never>, 'name' | 'options'>;

export interface SettingWord {
  /** `--preset`, or the word itself where it has no name. */
  readonly word: string;
  readonly value: string | boolean;
  readonly positional: boolean;
  /** It stands on the command line; else it is a default. */
  readonly given: boolean;
}

export const kindOf = (command: Described): JobKind => nameOf(command) as JobKind;

const beside = { ...runOptions, ...reportOptions };

/** Those that have a value, a word without a name first. */
export function settingsOf({ name, options: known }: Described, options: RunOptions): SettingWord[] {
  const values = options as unknown as Readonly<Record<string, string | boolean | undefined>>;
  const positional = /\[(\w+)\]/.exec(name)?.slice(1) ?? [];
  const named = Object.keys(known).filter((option) => !(option in beside));
  return [...positional, ...named].flatMap((option, k): SettingWord[] => {
    const value = values[option];
    if (value === undefined) return [];
    return k < positional.length
      ? [{ word: value as string, value, positional: true, given: true }]
      : [{ word: `--${option}`, value, positional: false, given: options.given.has(option) }];
  });
}
