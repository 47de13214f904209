import { exitCodes } from '../exitCodes.js';
import type { ExitCode } from '../exitCodes.js';
import type { Command } from '../command.js';
import { sweepTable } from '../sweepTable.js';
import type { Terminal } from '../terminal.js';
import { printJson } from '../terminal.js';

interface MergeCommandOptions {
  json: boolean;
  runs: string[];
  out: string;
}

interface Part {
  readonly source: string;
  readonly result: unknown;
}

export const merge: Command<MergeCommandOptions> = {
  name: 'merge <runs..>',
  summary: 'Join the shards of a sweep, or calibrations of single claims',
  options: {
    out: { type: 'string', requiresArg: true, demandOption: true, describe: 'Run folder for the whole, new or empty' },
  },
  examples: [
    ['merge part1 part2 part3 part4 --out whole', 'four quarters of one sweep'],
    ['merge cal-linear cal-hidden --out cal', 'runs of check --calibrate --claims …'],
  ],
  async run(options, terminal) {
    const { readRunJson } = await import('../../store/runFolder.js');
    const { isCalibration } = await import('../../pipeline/check/mergeCalibrations.js');
    const parts = options.runs.map((run): Part => ({
      source: run,
      result: readRunJson(run, 'results.json', 'limitlaw sweep'),
    }));
    return isCalibration(parts[0]?.result)
      ? mergeCalibrationsInto(options, parts, terminal)
      : mergeSweepInto(options, parts, terminal);
  },
};

async function mergeSweepInto(
  options: MergeCommandOptions,
  parts: readonly Part[],
  terminal: Terminal,
): Promise<ExitCode> {
  const { runMerge, sweepRejects } = await import('../../pipeline/sweep/runSweep.js');
  const { refuseDamage } = await import('../../store/refuseDamage.js');
  const { createRunFolder } = await import('../../store/runFolder.js');
  const result = await refuseDamage(parts.map(({ source }) => source).join(', '), () => runMerge(parts));
  const folder = createRunFolder(options.out);
  folder.write('results.json', `${JSON.stringify(result)}\n`);
  if (options.json) printJson(terminal, result);
  else terminal.out(sweepTable(result, terminal.columns));
  terminal.err(`wrote ${folder.path}/results.json\n`);
  return sweepRejects(result.summary) ? exitCodes.rejected : exitCodes.done;
}

async function mergeCalibrationsInto(
  options: MergeCommandOptions,
  parts: readonly Part[],
  terminal: Terminal,
): Promise<ExitCode> {
  const { mergeCalibrations } = await import('../../pipeline/check/mergeCalibrations.js');
  const { calibrationText } = await import('../../pipeline/check/calibrate.js');
  const { createRunFolder } = await import('../../store/runFolder.js');
  const { renderReport } = await import('../../report/index.js');
  const { refuseDamage } = await import('../../store/refuseDamage.js');
  const { results, report } = await refuseDamage(parts.map(({ source }) => source).join(', '), () => {
    const merged = mergeCalibrations(parts);
    return { results: merged, report: renderReport(merged) };
  });
  const folder = createRunFolder(options.out);
  folder.write('results.json', `${JSON.stringify(results)}\n`);
  folder.write('report.html', report);
  if (options.json) printJson(terminal, { kind: 'calibration', seed: results.seed, ...results.calibration });
  else if (results.calibration !== undefined) terminal.out(calibrationText(results.calibration));
  terminal.err(`wrote ${folder.path}/results.json\n`);
  return exitCodes.done;
}
