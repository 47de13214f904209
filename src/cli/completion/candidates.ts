/** What may stand next on a command line, for the shells. */
import { nameOf, optionsOf } from '../command.js';
import type { Command } from '../command.js';

export interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

type Offering = Pick<Command<never>, 'name' | 'summary' | 'options' | 'words' | 'plain'>;

/**
 * Words that go on with the last of `words`, which may be empty and ends where the cursor stands. None where a value is
 * not one of a list: shells then offer files.
 */
export function candidates(words: readonly string[], commands: readonly Offering[]): Candidate[] {
  // bash parts `--option=value` at the sign.
  const typed = words.filter((word, k) => word !== '=' || k === words.length - 1);
  const last = typed.at(-1) ?? '';
  const current = last === '=' ? '' : last;
  return next(typed.slice(0, -1), current, commands).filter(({ word }) => word.startsWith(current));
}

function next(before: readonly string[], current: string, commands: readonly Offering[]): readonly Candidate[] {
  if (before.length === 0) return commands.map((command) => ({ word: nameOf(command), meaning: command.summary }));
  const command = commands.find((each) => nameOf(each) === before[0]);
  if (command === undefined) return [];
  const known = optionsOf(command);
  const [, assigned] = /^--([^=]+)=/.exec(current) ?? [];
  if (assigned !== undefined)
    return choicesOf(known[assigned]).map(({ word, meaning }) => ({ word: `--${assigned}=${word}`, meaning }));
  const option = before.at(-1)!.startsWith('--') ? known[before.at(-1)!.slice(2)] : undefined;
  if (option !== undefined && option.type !== 'boolean') return choicesOf(option);
  // A first word without an option's name.
  if (!current.startsWith('-') && before.length === 1 && command.name !== nameOf(command))
    return Object.values(command.words ?? {}).flatMap(choicesOf);
  return Object.entries(known)
    .filter(([name, { hidden }]) => hidden !== true && !before.includes(`--${name}`))
    .map(([name, { describe }]) => ({ word: `--${name}`, meaning: describe ?? '' }));
}

const choicesOf = (option: { readonly choices?: unknown } | undefined): Candidate[] =>
  ((option?.choices ?? []) as readonly unknown[]).map((choice) => ({ word: String(choice), meaning: '' }));
