/** A command that draws a run: into a new folder, into that of a run cut short, or a shard of one that others share. */
import { join } from 'node:path';
import type { Backend } from '../../simulations/contracts.js';
import { UsageError } from '../../theory/errors.js';
import { wholeNumber } from '../pipeline/options/wholeNumber.js';
import { requireRunMemory } from '../pipeline/run/memory.js';
import { drawInto, runJob } from '../pipeline/run/runJob.js';
import type { RunJobOptions } from '../pipeline/run/runJob.js';
import { shardFromText } from '../pipeline/run/shardFromText.js';
import { jobOf } from '../pipeline/stored/jobOf.js';
import type { AnyJob } from '../pipeline/stored/jobOf.js';
import { memoryLimit, processorsGiven } from '../store/allocation.js';
import { tasksOfShard } from '../store/shards.js';
import { storedHeader } from '../store/storedHeader.js';
import { createRunFolder, defaultRunPath, shownPath } from '../store/runFolder.js';
import type { RunFolder } from '../store/runFolder.js';
import type { Shard } from '../store/runFiles.js';
import { kindOf, settingsOf } from './settingWords.js';
import type { Described } from './settingWords.js';
import { openerOf, openFile } from './openFile.js';
import { exitCodes } from './exitCodes.js';
import type { ExitCode } from './exitCodes.js';
import { interruptible } from './interruptible.js';
import { printJob } from './printJob.js';
import { exitCodeOf, printFiles, printResults } from './presentations/index.js';
import type { RunOptions } from './runOptions.js';
import { complain, printJson } from './terminal.js';
import type { Terminal } from './terminal.js';
import { counted } from '../pipeline/counted.js';

/**
 * @param make the job that the options ask for; not called where a run is gone on with
 * @param name of the folder, after the time, when none is given
 */
export async function carryOut<Options extends RunOptions>(
  command: Described,
  options: Options,
  make: () => AnyJob,
  name: string,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.view === true && (options['print-job'] !== undefined || options.shard !== undefined))
    throw new UsageError('--view opens the report of a whole run: leave it out here, and open that of limitlaw merge');
  const job = options.resume === undefined ? make() : await resumed(command, options);
  if (options['print-job'] !== undefined) return await printJob(command, options, job, name, terminal);
  if (options.shards !== undefined)
    throw new UsageError('--shards is the number of shards that --print-job prints for: to draw one give --shard k/n');
  const shard = options.shard === undefined ? null : shardFromText(options.shard, process.env);
  const workers =
    options.workers === undefined ? processorsGiven() : wholeNumber('--workers', options.workers, 1, 1024);
  requireRunMemory(job, workers, memoryLimit(options.memory));
  const plan = job.plan(workers);
  const out = options.resume ?? options.out;
  if (out === undefined && shard !== null)
    throw new UsageError('--shard needs --out, the folder into which all shards are drawn: give the same one to each');
  const folder = createRunFolder(out ?? defaultRunPath(name), {
    holding: shard === null ? 'journal' : 'shards',
    shard,
  });
  const { backend, json, view = false } = options;
  try {
    return await interruptible(
      terminal,
      (signal, progress) => {
        const onBegin = ({ name: chosen }: Pick<Backend, 'name'>) => terminal.err(`${plan}, backend ${chosen}\n`);
        const settings = { workers, backend, signal, onProgress: progress.update, onBegin };
        const carrying: Carrying = { job, folder, settings, json, view, terminal, ended: progress.stop };
        return shard === null ? whole(carrying) : part(carrying, shard);
      },
      `what is drawn in '${shownPath(folder)}'`,
    );
  } finally {
    folder.close();
  }
}

interface Carrying {
  readonly job: AnyJob;
  readonly folder: RunFolder;
  readonly settings: Omit<RunJobOptions, 'shard'>;
  readonly json: boolean;
  readonly view: boolean;
  readonly terminal: Terminal;
  /** Clears the progress display. */
  ended(): void;
}

async function whole({ job, folder, settings, json, view, terminal, ended }: Carrying): Promise<ExitCode> {
  const { outcome, drawn, files } = await runJob(job, folder, { ...settings, clock: () => new Date() });
  ended();
  await printResults(terminal, json, job.kind, { ...outcome, caveats: [] });
  printFiles(terminal, files, folder);
  if (view) await openReport(terminal, folder);
  return outcome.interrupted
    ? interrupted(terminal, `${drawn} of ${job.tasks.length}`, `${job.kind} --resume '${shownPath(folder)}'`)
    : await exitCodeOf(terminal, job.kind, outcome, job.tasks.length);
}

async function openReport(terminal: Terminal, folder: RunFolder): Promise<void> {
  const opened = await openFile(join(folder.path, 'report.html'), openerOf(process.platform, process.env));
  if (!opened) terminal.err(`nothing here opens a page: open ${shownPath(folder)}/report.html in a browser\n`);
}

async function part({ job, folder, settings, json, terminal, ended }: Carrying, shard: Shard): Promise<ExitCode> {
  const { results, interrupted: stopped, failed } = await drawInto(job, folder, { ...settings, shard });
  ended();
  const { index, count } = shard;
  const own = tasksOfShard(results.length, shard);
  const drawn = own.filter((task) => results[task] !== undefined).length;
  const path = shownPath(folder);
  if (stopped)
    return interrupted(
      terminal,
      `${drawn} of ${own.length}`,
      `${job.kind} --resume '${path}' --shard ${index}/${count}`,
    );
  if (failed[0] !== undefined) throw failed[0].error;
  if (json) printJson(terminal, { kind: 'shard', run: path, ...shard, drawn });
  terminal.err(
    `drew shard ${index} of ${count}: ${counted(drawn, 'task')}, in '${path}'; limitlaw merge '${path}' joins all\n`,
  );
  return exitCodes.done;
}

function interrupted(terminal: Terminal, kept: string, words: string): ExitCode {
  complain(terminal, `interrupted; ${kept} tasks are kept, and limitlaw ${words} goes on`);
  return exitCodes.interrupted;
}

/** The job of the folder that --resume names. Throws UsageError for settings beside it: it has its own. */
async function resumed(command: Described, options: RunOptions): Promise<AnyJob> {
  const header = storedHeader(options.resume!);
  const path = options.resume!;
  if (header.kind !== kindOf(command))
    throw new UsageError(`'${path}' is a run of ${header.kind}: limitlaw ${header.kind} --resume '${path}' goes on`);
  const beside = settingsOf(command, options)
    .filter(({ given }) => given)
    .map(({ word }) => word);
  if (options.given.has('out')) beside.push('--out');
  if (beside.length > 0)
    throw new UsageError(`--resume goes on with the settings of '${path}': leave out ${beside.join(', ')}`);
  if (header.shard !== null && options.shard === undefined)
    throw new UsageError(
      `'${path}' is drawn in ${header.shard.count} shards: give --shard k/${header.shard.count} to go on with one, or join them with limitlaw merge '${path}'`,
    );
  return await jobOf(header);
}
