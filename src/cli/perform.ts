/** One command of several, from the words of a command line: yargs reads the words, a command module does the work. */
import yargs from 'yargs';
import type { Argv, Options as YargsOptions } from 'yargs';
import { UsageError } from '../../theory/errors.js';
import { version } from '../version.js';
import { nameOf, optionsOf } from './command.js';
import type { Command } from './command.js';
import { readDefaults } from './defaultsFile.js';
import { exitCodes } from './exitCodes.js';
import type { ExitCode } from './exitCodes.js';
import type { Terminal } from './terminal.js';
import { wrapped } from './wrapped.js';
import { unknownCommand, usageSentence } from './usageSentence.js';
import type { CalledCommand } from './usageSentence.js';

/**
 * Runs the command that `words` name.
 * @throws whatever the command throws; UsageError for words that make no command
 */
export async function perform(
  commands: readonly Command<never>[],
  words: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const columns = Math.min(terminal.columns, 100);
  let exitCode: ExitCode = exitCodes.done;
  let failure: unknown;
  const parser = yargs([...words])
    .scriptName('limitlaw')
    .usage('$0 <command>\n\nChecks random-matrix limit laws of neural-network Hessians against drawn Hessians.')
    .locale('en')
    .version(version)
    .help()
    .alias('h', 'help')
    .strict()
    .parserConfiguration({ 'parse-numbers': false })
    .wrap(columns)
    .exitProcess(false)
    .fail((message, error) => {
      // yargs's own errors are about the words; whatever a command throws is passed on.
      failure =
        error === undefined || error.name === 'YError'
          ? new UsageError(usageSentence(message, words, calledCommand(commands, words)))
          : error;
      throw failure;
    })
    .epilogue('Exit codes: 0 agreement or done, 1 rejected, 2 usage error, 3 failure, 130 interrupted.');
  withoutHelpInAdvance(parser);
  for (const command of commands) {
    parser.command({
      command: command.name,
      describe: command.summary,
      builder: (ofCommand) => describe(ofCommand, command, commands, columns),
      handler: async (options) => {
        const given = optionsGiven(words);
        exitCode = await command.run({ ...lastOfEach(options, command.name), given } as never, terminal);
      },
    });
  }
  try {
    if (words.length === 0) {
      // Nothing was asked for and nothing is done: 0 would tell a script that the laws agree.
      terminal.err(`${await parser.getHelp()}\n`);
      return exitCodes.usage;
    }
    requireCommand(commands, words);
    await parser.parseAsync();
    return exitCode;
  } catch (error) {
    throw failure ?? error;
  }
}

/** What yargs calls its internal methods; not part of its types. */
interface YargsInternals {
  getInternalMethods?(): { getUsageInstance(): { cacheHelpMessage(): void } };
}

/**
 * yargs formats a command's whole help whenever the command is about to run, in case it is asked for meanwhile; here
 * nothing asks, and it is a third of the time of a short command. Where it has another name nothing is lost but that.
 */
function withoutHelpInAdvance(parser: Argv): void {
  const usage = (parser as YargsInternals).getInternalMethods?.().getUsageInstance();
  if (usage !== undefined) usage.cacheHelpMessage = () => undefined;
}

/** Tells yargs of the words, options and examples of a command. */
function describe(parser: Argv, command: Command<never>, commands: readonly Command<never>[], columns: number): Argv {
  for (const [word, positional] of Object.entries(command.words ?? {})) parser.positional(word, positional);
  const { config, ...options } = withValues(optionsOf(command));
  parser.options(options);
  if (config !== undefined) {
    parser.option('config', {
      ...config,
      default: process.env['LIMITLAW_CONFIG'] || undefined,
      config: true,
      // yargs forgets what is thrown here.
      configParser: (path) => {
        try {
          return readDefaults(path, command, commands);
        } catch (error) {
          return error as Error;
        }
      },
    });
  }
  // yargs would halve the width for a column of commands and one of meanings.
  const examples = command.examples.flatMap(([line, meaning]) => [
    wrapped(`  # ${meaning}`, columns, 4),
    wrapped(`  limitlaw ${line}`, columns, 4),
  ]);
  return parser.epilogue(['Examples:', ...examples].join('\n'));
}

/** Of a line without a command that there is; one of options alone is for yargs, which has --help and --version. */
function requireCommand(commands: readonly Command<never>[], words: readonly string[]): void {
  const names = commands.map(nameOf);
  const word = words.find((each) => !each.startsWith('-'));
  if (word !== undefined && !names.includes(word)) throw new UsageError(unknownCommand(word, names));
  if (word === undefined && !words.some((each) => /^(--help|-h|--version)$/.test(each)))
    throw new UsageError('a command is needed: see limitlaw --help');
}

/**
 * An option given twice counts the last time it is given. yargs has a switch for that, which also drops all but the
 * last word of a list such as `merge <runs..>`; so yargs collects, and whatever is no list is cut here.
 */
function lastOfEach(options: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  const list = /[[<](\w+)\.\./.exec(name)?.[1];
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, Array.isArray(value) && key !== list ? value.at(-1) : value]),
  );
}

/** Options that stand on the command line, though it be with the value that they have anyway. */
function optionsGiven(words: readonly string[]): ReadonlySet<string> {
  const end = words.indexOf('--');
  const names = words.slice(0, end < 0 ? undefined : end).flatMap((word) => /^--([^=]+)/.exec(word)?.[1] ?? []);
  // yargs takes them in camel case too, and --no-calibrate for the opposite.
  return new Set(
    names.map((name) => name.replace(/^no-/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)),
  );
}

/** A choice without a word behind it is a mistake, not its default. */
function withValues(options: Command<never>['options']): Record<string, YargsOptions> {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      option.choices === undefined ? option : { ...option, requiresArg: true },
    ]),
  );
}

function calledCommand(commands: readonly Command<never>[], words: readonly string[]): CalledCommand | undefined {
  const word = words.find((each) => !each.startsWith('-'));
  const command = commands.find((each) => nameOf(each) === word);
  return command && { usage: command.name, options: [...Object.keys(optionsOf(command)), 'help'] };
}
