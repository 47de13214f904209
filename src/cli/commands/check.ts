import type { ResolvedCheck } from '../../pipeline/check/runCheck.js';
import type { RunFolder } from '../../store/runFolder.js';
import type { Command } from '../command.js';
import { exitCodes } from '../exitCodes.js';
import type { ExitCode } from '../exitCodes.js';
import { interruptible } from '../interruptible.js';
import type { ProgressDisplay } from '../progress.js';
import type { Terminal } from '../terminal.js';
import { printJson } from '../terminal.js';

interface CheckOptions {
  json: boolean;
  seed: string;
  preset: 'quick' | 'paper' | 'full';
  claims?: string;
  workers?: string;
  backend: 'auto' | 'wasm' | 'native' | 'reference';
  out?: string;
  level: string;
  perturb?: string;
  calibrate: boolean;
}

export const check: Command<CheckOptions> = {
  name: 'check',
  summary: 'The main job: draw Hessians, compare them with every law of the paper, report',
  options: {
    preset: { choices: ['quick', 'paper', 'full'], default: 'quick', describe: 'Sizes and replicates' },
    claims: { type: 'string', requiresArg: true, describe: 'Only these claims, separated by commas' },
    workers: { type: 'string', requiresArg: true, describe: 'Worker threads [default: all cores]' },
    backend: { choices: ['auto', 'wasm', 'native', 'reference'], default: 'auto', describe: 'Linear algebra' },
    out: {
      type: 'string',
      requiresArg: true,
      describe: 'Run folder, new or empty [default: limitlaw-runs/<time>-check-<preset>]',
    },
    level: { type: 'string', default: '0.01', requiresArg: true, describe: 'Family-wise error of all tests together' },
    perturb: {
      type: 'string',
      requiresArg: true,
      describe: 'Make the predictions wrong on purpose, e.g. aspect-ratio=1.05,logit-variance=1.1,classes=1',
    },
    calibrate: {
      type: 'boolean',
      default: false,
      describe: 'Measure false alarms and power of every test, at small sizes, instead of checking',
    },
  },
  examples: [
    ['check', 'every claim at small sizes, under two minutes'],
    ['check --preset paper --workers 2', 'the configuration that the paper published'],
    ['check --claims linear-ce,hidden-ce --json', 'two claims, one JSON object'],
    ['check --calibrate --claims linear-ce', 'how often its tests alarm, rightly and wrongly'],
    ['check --perturb aspect-ratio=1.05', 'a law wrong by 5 %: it must be rejected'],
  ],
  async run(options, terminal) {
    const { runCheck, parsePerturbation, resolveCheck } = await import('../../pipeline/check/runCheck.js');
    const { createRunFolder, defaultRunPath } = await import('../../store/runFolder.js');
    const { claimTable } = await import('../claimTable.js');
    const { saveRun } = await import('../../pipeline/check/saveRun.js');
    const resolved = resolveCheck({
      preset: options.preset,
      claims: options.claims,
      workers: options.workers,
      backend: options.backend,
      seed: options.seed,
      level: options.level,
      perturbation: parsePerturbation(options.perturb),
    });
    const folder = createRunFolder(options.out ?? defaultRunPath(`check-${options.preset}`));
    const started = new Date();
    return interruptible(terminal, async (signal, progress) => {
      if (options.calibrate)
        return await calibrateInto(folder, resolved, started, progress, signal, options.json, terminal);
      terminal.err(`${resolved.plan}\n`);
      const outcome = await runCheck(resolved, { signal, onProgress: progress.update });
      progress.stop();
      const seconds = (Date.now() - started.getTime()) / 1000;
      const files = await saveRun(folder, outcome, { created: started, seconds, workers: resolved.workers });
      if (options.json) printJson(terminal, outcome.json);
      else terminal.out(claimTable(outcome.results, terminal.columns));
      terminal.err(`${files.map((file) => `wrote ${file}`).join('\n')}\n`);
      if (outcome.interrupted) {
        terminal.err('limitlaw: interrupted; what was finished is saved\n');
        return exitCodes.interrupted;
      }
      if (outcome.failed > 0) {
        terminal.err(
          `limitlaw: ${outcome.failed} of ${resolved.tasks.length} tasks could not be computed; the rest is judged and saved, the notes of the report say which\n`,
        );
        return exitCodes.failure;
      }
      return outcome.results.claims.some((claim) => claim.verdict === 'disagree') ? exitCodes.rejected : exitCodes.done;
    });
  },
};

async function calibrateInto(
  folder: RunFolder,
  resolved: ResolvedCheck,
  started: Date,
  progress: ProgressDisplay,
  signal: AbortSignal,
  json: boolean,
  terminal: Terminal,
): Promise<ExitCode> {
  const { calibrate, calibrationResults, calibrationSizes, calibrationText } =
    await import('../../pipeline/check/calibrate.js');
  const { saveRun } = await import('../../pipeline/check/saveRun.js');
  terminal.err(
    `limitlaw: calibration of ${resolved.claims.length} claims, ${calibrationSizes.nullRuns} runs of true laws and ${calibrationSizes.powerRuns} of each wrong one\n`,
  );
  const { calibration, interrupted, backend } = await calibrate(resolved, calibrationSizes, {
    signal,
    onProgress: progress.update,
  });
  progress.stop();
  const results = calibrationResults(resolved, calibration, backend);
  const files = await saveRun(
    folder,
    { results, interrupted, failed: 0, arrays: new Map(), json: undefined },
    { created: started, seconds: (Date.now() - started.getTime()) / 1000, workers: resolved.workers },
  );
  if (json) printJson(terminal, { kind: 'calibration', seed: resolved.seed, ...calibration });
  else terminal.out(calibrationText(calibration));
  terminal.err(`${files.map((file) => `wrote ${file}`).join('\n')}\n`);
  return interrupted ? exitCodes.interrupted : exitCodes.done;
}
