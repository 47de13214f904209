import { exitCodes } from '../exitCodes.js';
import type { Command } from '../program.js';
import { sweepTable } from '../sweepTable.js';
import { printJson } from '../terminal.js';

interface MergeCommandOptions {
  json: boolean;
  runs: string[];
  out: string;
}

export const merge: Command<MergeCommandOptions> = {
  name: 'merge <runs..>',
  summary: 'Join the shards of a sweep',
  options: {
    out: { type: 'string', requiresArg: true, demandOption: true, describe: 'Run folder for the whole, new or empty' },
  },
  examples: [['merge part1 part2 part3 part4 --out whole', 'four quarters of one sweep']],
  async run(options, terminal) {
    const { runMerge, sweepRejects } = await import('../../pipeline/sweep.js');
    const { createRunFolder, readRunJson } = await import('../../store/runFolder.js');
    const result = runMerge(options.runs.map((run) => ({ source: run, result: readRunJson(run, 'results.json', 'limitlaw sweep') })));
    const folder = createRunFolder(options.out);
    folder.write('results.json', `${JSON.stringify(result)}\n`);
    if (options.json) printJson(terminal, result);
    else terminal.out(sweepTable(result, terminal.columns));
    terminal.err(`wrote ${folder.path}/results.json\n`);
    return sweepRejects(result.summary) ? exitCodes.rejected : exitCodes.done;
  },
};
