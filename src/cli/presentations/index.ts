/** What a person, a program and a shell are told of the outcome of each command that draws. */
import type { Drawn, JobKind, JobOutcome } from '../../pipeline/run/job.js';
import { shownPath } from '../../store/runFolder.js';
import type { RunFolder } from '../../store/runFolder.js';
import { exitCodes } from '../exitCodes.js';
import type { ExitCode } from '../exitCodes.js';
import { complain, printJson } from '../terminal.js';
import type { Terminal } from '../terminal.js';
import type { Presentation } from './presentation.js';

/** Each is loaded with what its own command computes, and with no other's. */
const presentations: Readonly<Record<JobKind, () => Promise<Presentation<never>>>> = {
  check: async () => (await import('./check.js')).check,
  sweep: async () => (await import('./sweep.js')).sweep,
  sample: async () => (await import('./sample.js')).sample,
  train: async () => (await import('./train.js')).train,
};

/** Prints results and what must be said of them; `beside` is what --json says beside them. */
export async function printResults(
  terminal: Terminal,
  json: boolean,
  kind: JobKind,
  { results, interrupted, caveats }: Pick<JobOutcome, 'results' | 'interrupted'> & Pick<Drawn<unknown>, 'caveats'>,
  beside: object = {},
): Promise<void> {
  const presentation = await presentations[kind]();
  const said = caveats.length === 0 ? {} : { caveats };
  if (json) printJson(terminal, { ...presentation.json(results as never, interrupted), ...said, ...beside });
  else
    terminal.out(
      `${presentation.table(results as never, terminal.columns)}${caveats.map((line) => `${line}\n`).join('')}`,
    );
}

/** Of a run that ended by itself; says what could not be computed. */
export async function exitCodeOf(
  terminal: Terminal,
  kind: JobKind,
  { results, failed }: Pick<JobOutcome, 'results' | 'failed'>,
  tasks: number,
): Promise<ExitCode> {
  const presentation = await presentations[kind]();
  if (failed.length === 0) return presentation.rejects(results as never) ? exitCodes.rejected : exitCodes.done;
  const [message, exitCode] = presentation.complaint(results as never, failed, tasks);
  complain(terminal, message);
  return exitCode;
}

/** At most so many files are named one by one. */
const named = 3;

export function printFiles(terminal: Terminal, files: readonly string[], folder: RunFolder): void {
  const path = shownPath(folder);
  const lines = files.length > named ? [`${files.length} files to ${path}`] : files.map((file) => `${path}/${file}`);
  terminal.err(lines.map((line) => `wrote ${line}\n`).join(''));
}
