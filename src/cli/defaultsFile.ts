/**
 * A file of options for whatever the command line leaves open: `{ "workers": 2, "check": { "preset": "paper" } }`.
 * What stands at the top is for every command that has such an option, what stands under a command's name for it alone.
 */
import { readFileSync } from 'node:fs';
import { UsageError } from '../../theory/errors.js';
import { nameOf, optionsOf } from './command.js';
import type { Command } from './command.js';
import { nearest } from '../store/nearest.js';

type Value = string | boolean;
type Described = Pick<Command<never>, 'name' | 'options' | 'plain'>;

/** What the file says to one command. Throws UsageError for a key that no command has and for a value of another type. */
export function readDefaults(path: string, command: Described, commands: readonly Described[]): Record<string, Value> {
  const content = parsed(path);
  const own = optionsOf(command);
  const found: Record<string, Value> = {};
  const ofCommand: Record<string, Value> = {};
  for (const [key, value] of Object.entries(content)) {
    const named = commands.find((each) => nameOf(each) === key);
    if (named === undefined) {
      const having = commands.filter((each) => Object.hasOwn(known(each), key));
      if (having.length === 0) throw unknownKey(path, key, [...commands.map(nameOf), ...commands.flatMap(allNames)]);
      if (Object.hasOwn(own, key)) found[key] = valueOf(path, key, value, own);
    } else {
      if (!isObject(value)) throw new UsageError(`${path}: ${key} must be an object of options of limitlaw ${key}`);
      for (const [option, each] of Object.entries(value)) {
        if (!Object.hasOwn(known(named), option))
          throw unknownKey(path, `${key}.${option}`, allNames(named), `${key}.`);
        if (named === command) ofCommand[option] = valueOf(path, `${key}.${option}`, each, own);
      }
    }
  }
  return { ...found, ...ofCommand };
}

function parsed(path: string): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(
      code === undefined
        ? `${path}: it must be JSON, an object of options: ${message}`
        : `--config must name a file that can be read, but '${path}' cannot be (${code})`,
    );
  }
  if (!isObject(content)) throw new UsageError(`${path}: it must be an object of options, such as {"workers": 2}`);
  return content;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A file names no other file of options. */
function known(command: Described): Readonly<Record<string, unknown>> {
  const { config: _config, ...rest } = optionsOf(command);
  return rest;
}

const allNames = (command: Described): string[] => Object.keys(known(command));

function unknownKey(path: string, key: string, candidates: readonly string[], prefix = ''): UsageError {
  const near = nearest(key.slice(prefix.length), [...new Set(candidates)]);
  const meant = near === undefined ? '' : ` (did you mean ${prefix}${near}?)`;
  return new UsageError(`${path}: there is no option ${key}${meant}`);
}

function valueOf(path: string, key: string, value: unknown, options: ReturnType<typeof optionsOf>): Value {
  const option = options[key.split('.').at(-1)!]!;
  const rule =
    option.type === 'boolean'
      ? typeof value !== 'boolean' && 'true or false'
      : typeof value !== 'string' && typeof value !== 'number' && 'a text or a number';
  if (rule !== false) throw new UsageError(`${path}: ${key} must be ${rule}, got ${JSON.stringify(value)}`);
  const text = option.type === 'boolean' ? (value as boolean) : String(value);
  if (option.choices !== undefined && !option.choices.map(String).includes(String(text)))
    throw new UsageError(`${path}: ${key} must be one of ${option.choices.join(', ')}, got '${String(text)}'`);
  return text;
}
