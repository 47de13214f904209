import type { Command } from '../command.js';
import { exitCodes } from '../exitCodes.js';

interface ShowCommandOptions {
  json: boolean;
  run: string;
}

export const show: Command<ShowCommandOptions> = {
  name: 'show <run>',
  summary: 'Print the table of a run again, finished or not, and how far it is',
  options: {},
  examples: [['show RUN', 'a finished run, one cut short, or shards drawn so far']],
  async run({ run, json }, terminal) {
    const { storedOutcome } = await import('../../pipeline/stored/storedOutcome.js');
    const { presentations } = await import('../presentations.js');
    const { printJson } = await import('../terminal.js');
    const { kind, results, interrupted, progress } = storedOutcome(run);
    const presentation = presentations[kind];
    if (json) printJson(terminal, { ...presentation.json(results as never, interrupted), progress });
    else terminal.out(presentation.table(results as never, terminal.columns));
    if (progress.drawn < progress.tasks) {
      const shards = progress.shards;
      terminal.err(
        `${progress.drawn} of ${progress.tasks} tasks are drawn${shards === undefined ? '' : `; shards ${shards.incomplete} of ${shards.count} are not finished`}\n`,
      );
    }
    return exitCodes.done;
  },
};
