import type { Command } from '../command.js';
import { exitCodes } from '../exitCodes.js';

interface ShowCommandOptions {
  json: boolean;
  run: string;
}

export const show: Command<ShowCommandOptions> = {
  name: 'show <run>',
  summary: 'Print the table of a run again, finished or not, and how far it is',
  words: { run: { describe: 'Run folder' } },
  options: {},
  examples: [['show RUN', 'a finished run, one cut short, or shards drawn so far']],
  async run({ run, json }, terminal) {
    const { storedOutcome } = await import('../../pipeline/stored/storedOutcome.js');
    const { printResults } = await import('../presentations/index.js');
    const { progress, ...outcome } = await storedOutcome(run);
    await printResults(terminal, json, outcome.kind, outcome, { progress });
    if (progress.drawn < progress.tasks) {
      const shards = progress.shards;
      terminal.err(
        shards === undefined
          ? `limitlaw ${outcome.kind} --resume '${run}' goes on\n`
          : `limitlaw ${outcome.kind} --resume '${run}' --shard k/${shards.count}, for k in ${shards.incomplete}, goes on\n`,
      );
    }
    return exitCodes.done;
  },
};
