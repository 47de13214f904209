/** A command that draws a run: into a new folder, into that of a run cut short, or a shard of one that others share. */
import { availableParallelism } from 'node:os';
import { UsageError } from '../../theory/errors.js';
import { wholeNumber } from '../pipeline/options/wholeNumber.js';
import type { JobKind } from '../pipeline/run/job.js';
import { drawInto, runJob } from '../pipeline/run/runJob.js';
import { shardFromText } from '../pipeline/run/shardFromText.js';
import { jobOf } from '../pipeline/stored/jobOf.js';
import type { AnyJob } from '../pipeline/stored/jobOf.js';
import { storedHeader } from '../pipeline/stored/storedRun.js';
import { shardOfTask } from '../store/shards.js';
import { createRunFolder, defaultRunPath, shownPath } from '../store/runFolder.js';
import type { RunFolder } from '../store/runFolder.js';
import type { Shard } from '../store/runFiles.js';
import type { Command } from './command.js';
import { exitCodes } from './exitCodes.js';
import type { ExitCode } from './exitCodes.js';
import { interruptible } from './interruptible.js';
import { exitCodeOf, presentations } from './presentations.js';
import { runOptions } from './runOptions.js';
import type { RunOptions } from './runOptions.js';
import { complain, printJson } from './terminal.js';
import type { Terminal } from './terminal.js';

/**
 * @param make the job that the options ask for; not called where a run is gone on with
 * @param name of the folder, after the time, when none is given
 */
export async function carryOut<Options extends RunOptions>(
  command: Pick<Command<Options>, 'name' | 'options'>,
  options: Options,
  make: () => AnyJob,
  name: string,
  terminal: Terminal,
): Promise<ExitCode> {
  const kind = command.name.split(' ')[0] as JobKind;
  const job = options.resume === undefined ? make() : resumed(kind, command.options, options);
  const shard = options.shard === undefined ? null : shardFromText(options.shard, process.env);
  const workers =
    options.workers === undefined ? availableParallelism() : wholeNumber('--workers', options.workers, 1, 1024);
  const plan = job.plan(workers);
  const out = options.resume ?? options.out;
  if (out === undefined && shard !== null)
    throw new UsageError('--shard needs --out, the folder into which all shards are drawn: give the same one to each');
  const folder = createRunFolder(out ?? defaultRunPath(name), {
    holding: shard === null ? 'journal' : 'shards',
    shard,
  });
  const { backend, json } = options;
  terminal.err(`${plan}\n`);
  try {
    return await interruptible(
      terminal,
      async (signal, progress) => {
        const settings = { workers, backend, signal, onProgress: progress.update };
        const stopped = (drawn: number, total: number): ExitCode => {
          complain(
            terminal,
            `interrupted; ${drawn} of ${total} tasks are kept: limitlaw ${kind} --resume '${shownPath(folder)}'${shard === null ? '' : ` --shard ${shard.index}/${shard.count}`} goes on`,
          );
          return exitCodes.interrupted;
        };
        if (shard !== null) {
          const { drawn, total, interrupted, failed } = await drawShard(job, folder, shard, settings);
          progress.stop();
          if (interrupted) return stopped(drawn, total);
          if (failed !== undefined) throw failed;
          const where = `shard ${shard.index} of ${shard.count} in '${shownPath(folder)}'`;
          if (json) printJson(terminal, { kind: 'shard', run: folder.path, shard, drawn });
          terminal.err(`drew ${drawn} of ${job.tasks.length} tasks, ${where}; limitlaw merge joins all\n`);
          return exitCodes.done;
        }
        const { outcome, drawn, files } = await runJob(job, folder, settings);
        progress.stop();
        const presentation = presentations[kind];
        const { results, interrupted, failed } = outcome;
        if (json) printJson(terminal, presentation.json(results as never, interrupted));
        else terminal.out(presentation.table(results as never, terminal.columns));
        terminal.err(`${wroteLines(files, folder)}\n`);
        if (interrupted) return stopped(drawn, job.tasks.length);
        if (failed.length > 0) complain(terminal, presentation.complaint(results as never, failed, job.tasks.length));
        return exitCodeOf(presentation, outcome);
      },
      `what is drawn in '${shownPath(folder)}'`,
    );
  } finally {
    folder.close();
  }
}

export const wroteLines = (files: readonly string[], folder: RunFolder): string =>
  files.length > 3
    ? `wrote ${files.length} files to ${shownPath(folder)}`
    : files.map((file) => `wrote ${shownPath(folder)}/${file}`).join('\n');

async function drawShard(
  job: AnyJob,
  folder: RunFolder,
  shard: Shard,
  options: Omit<Parameters<typeof drawInto>[2], 'shard'>,
) {
  const { results, interrupted, failed } = await drawInto(job, folder, { ...options, shard });
  const total = [...results.keys()].filter((index) => shardOfTask(index, shard.count) === shard.index).length;
  return {
    drawn: results.filter((result) => result !== undefined).length,
    total,
    interrupted,
    failed: failed[0]?.error,
  };
}

/** The job of the folder that --resume names. Throws UsageError for settings beside it: it has its own. */
function resumed(kind: JobKind, known: Command<never>['options'], options: RunOptions): AnyJob {
  const header = storedHeader(options.resume!);
  const path = options.resume!;
  if (header.kind !== kind)
    throw new UsageError(`'${path}' is a run of ${header.kind}: limitlaw ${header.kind} --resume '${path}' goes on`);
  const given = (option: string): boolean => {
    const value = (options as unknown as Record<string, unknown>)[option];
    return value !== undefined && value !== (known[option]?.default ?? (option === 'seed' ? '1' : undefined));
  };
  const settings = [...Object.keys(known), 'seed'].filter((option) => !(option in runOptions) || option === 'out');
  const beside = [...new Set(settings)].filter(given);
  if (beside.length > 0)
    throw new UsageError(
      `--resume goes on with the settings of '${path}': leave out ${beside.map((option) => `--${option}`).join(', ')}`,
    );
  if (header.shard !== null && options.shard === undefined)
    throw new UsageError(
      `'${path}' is drawn in ${header.shard.count} shards: give --shard k/${header.shard.count} to go on with one, or join them with limitlaw merge '${path}'`,
    );
  return jobOf(header);
}
