/** One command of several, from the words of a command line: yargs reads the words, a command module does the work. */
import yargs from 'yargs';
import type { Options as YargsOptions } from 'yargs';
import { UsageError } from '../../theory/errors.js';
import { version } from '../version.js';
import type { Command } from './command.js';
import { exitCodes } from './exitCodes.js';
import type { ExitCode } from './exitCodes.js';
import type { Terminal } from './terminal.js';
import { usageSentence } from './usageSentence.js';
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
    .wrap(Math.min(terminal.columns, 100))
    .exitProcess(false)
    .demandCommand(1, 'a command is needed: see limitlaw --help')
    .recommendCommands()
    .fail((message, error) => {
      // yargs's own errors are about the words; whatever a command throws is passed on.
      failure =
        error === undefined || error.name === 'YError'
          ? new UsageError(usageSentence(message, words, calledCommand(commands, words)))
          : error;
      throw failure;
    })
    .epilogue('Exit codes: 0 agreement or done, 1 rejected, 2 usage error, 3 failure, 130 interrupted.');
  for (const command of commands) {
    parser.command({
      command: command.name,
      describe: command.summary,
      builder: (commandParser) => {
        const withShared = commandParser
          .options(withValues({ ...command.options, seed: command.options['seed'] ?? rootSeed }))
          .option('json', { type: 'boolean', default: false, describe: 'One JSON object on stdout, logs on stderr' });
        return withShared.example(
          command.examples.map(([line, meaning]) => [`$0 ${line}`, meaning] as [string, string]),
        );
      },
      handler: async (options) => {
        const given = optionsGiven(words);
        exitCode = await command.run({ ...lastOfEach(options, command.name), given } as never, terminal);
      },
    });
  }
  try {
    await parser.parseAsync();
    return exitCode;
  } catch (error) {
    throw failure ?? error;
  }
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

/** Every command has it; one that reads a seed elsewhere too has its own. */
const rootSeed: YargsOptions = { type: 'string', default: '1', requiresArg: true, describe: 'Root seed: any text' };

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
  const command = commands.find(({ name }) => name.split(' ')[0] === words[0]);
  return command && { usage: command.name, options: [...Object.keys(command.options), 'json', 'seed', 'help'] };
}
