/**
 * The command line: perform.ts finds the command and runs it, this file says what went wrong and turns outcomes into exit
 * codes. Command modules are light; whatever computes is imported when its command runs, so that `--help` stays quick.
 */
import { candidates } from './completion/candidates.js';
import { shells } from './completion/scripts.js';
import { exitCodes } from './exitCodes.js';
import type { ExitCode } from './exitCodes.js';
import { failureOf } from './failure.js';
import { perform } from './perform.js';
import { complain, processTerminal, visibleOn } from './terminal.js';
import type { Terminal } from './terminal.js';
import { commands } from './commands/index.js';

/** Runs one command line and returns its exit code. Never throws, never calls process.exit. */
export async function run(words: readonly string[], output: Terminal = processTerminal): Promise<ExitCode> {
  const terminal = visibleOn(output);
  if (words[0] === 'completion' && words[2] === '--') return answerShell(words[1]!, words.slice(3), terminal);
  try {
    return await perform(commands, words, terminal);
  } catch (error) {
    return report(error, terminal);
  }
}

function answerShell(shell: string, typed: readonly string[], terminal: Terminal): ExitCode {
  const line = shells[shell]?.line;
  if (line === undefined) return exitCodes.usage;
  terminal.out(
    candidates(typed, commands)
      .map((each) => `${line(each)}\n`)
      .join(''),
  );
  return exitCodes.done;
}

function report(error: unknown, terminal: Terminal): ExitCode {
  const { kind, message } = failureOf(error);
  complain(terminal, message);
  if (kind === 'usage') return exitCodes.usage;
  if (kind === 'unexpected') {
    const stack = process.env['LIMITLAW_DEBUG'] === undefined || !(error instanceof Error) ? undefined : error.stack;
    terminal.err(
      stack === undefined
        ? 'Set LIMITLAW_DEBUG=1 to see where; please report it with the command line.\n'
        : `${stack}\n`,
    );
  }
  return exitCodes.failure;
}
