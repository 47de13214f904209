import { nameOf, type Command } from '../command.js';
import { exitCodes } from '../exitCodes.js';
import { perform } from '../perform.js';
import type { Caller } from '../terminal.js';
import { Refusal } from './refusal.js';
import { withFiles } from './withFiles.js';
import { wordsOf, type Parameters } from './wordsOf.js';

export interface Waiting extends Caller {
  /** What a command says beside its results. */
  onLog(text: string): void;
}

/**
 * What `limitlaw COMMAND --json` prints for these options, of one of the commands.
 * @throws what the command throws; Refusal where it was interrupted or has nothing to show
 */
export async function callCommand(
  commands: readonly Command<never>[],
  name: string,
  parameters: Parameters,
  { onLog, ...caller }: Waiting,
): Promise<unknown> {
  let printed = '';
  let last = '';
  const places = Object.keys(commands.find((command) => nameOf(command) === name)?.words ?? {});
  const exitCode = await withFiles(parameters, (options) =>
    perform(commands, wordsOf(name, options, places), {
      out: (text) => void (printed += text),
      err(text) {
        last = text.trim().replace(/^limitlaw: /, '');
        onLog(last);
      },
      columns: 80,
      interactive: false,
      caller,
    }),
  );
  if (exitCode === exitCodes.interrupted) throw new Refusal('interrupted', last);
  if (printed === '') throw new Refusal('unexpected', last || 'the command has printed nothing');
  return JSON.parse(printed);
}
