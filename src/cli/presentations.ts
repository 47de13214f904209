/** What a person, a program and a shell are told of the outcome of each command that draws. */
import type { RunResults } from '../../figures/results.js';
import { calibrationText } from '../pipeline/check/calibrate.js';
import { checkSummary } from '../pipeline/check/runCheck.js';
import type { Drawn, FailedTask, JobKind, JobOutcome } from '../pipeline/run/job.js';
import type { SampleResult } from '../pipeline/sample/sampleJob.js';
import { sweepRejects } from '../pipeline/sweep/runSweep.js';
import type { SweepResult } from '../pipeline/sweep/runSweep.js';
import { shownPath } from '../store/runFolder.js';
import type { RunFolder } from '../store/runFolder.js';
import { claimTable } from './claimTable.js';
import { exitCodes } from './exitCodes.js';
import type { ExitCode } from './exitCodes.js';
import { sweepTable } from './sweepTable.js';
import { complain, printJson } from './terminal.js';
import type { Terminal } from './terminal.js';

/** Of results as their file holds them. */
interface Presentation<Results extends object> {
  json(results: Results, interrupted: boolean): object;
  table(results: Results, columns: number): string;
  /** Whether a claim, a law or a test is rejected. */
  rejects(results: Results): boolean;
  /** What is said of tasks that could not be computed, and the exit code then. */
  complaint(results: Results, failed: readonly FailedTask[], tasks: number): readonly [string, ExitCode];
}

const check: Presentation<RunResults> = {
  json: (results, interrupted) =>
    results.calibration === undefined
      ? checkSummary(results, interrupted)
      : { kind: 'calibration', seed: results.seed, ...results.calibration },
  table: (results, columns) =>
    results.calibration === undefined ? claimTable(results, columns) : calibrationText(results.calibration),
  rejects: ({ claims }) => claims.some(({ verdict }) => verdict === 'disagree'),
  complaint: (_results, failed, tasks) => [
    `${failed.length} of ${tasks} tasks could not be computed; the rest is judged and saved, the notes of the report say which`,
    exitCodes.failure,
  ],
};

const sweep: Presentation<SweepResult> = {
  json: (results) => results,
  table: sweepTable,
  rejects: ({ summary }) => sweepRejects(summary),
  complaint: ({ failures, points }) => [
    `${new Set(failures.map(({ point }) => point)).size} of ${points} grid points failed and are left out; the others are saved. ${failures[0]!.message}`,
    failures[0]!.name === 'UsageError' ? exitCodes.usage : exitCodes.failure,
  ],
};

const sample: Presentation<SampleResult> = {
  json: (results) => results,
  table: ({ files }) =>
    files.map(({ name, shape, content }) => `${name.padEnd(40)} (${shape.join(', ')})  ${content}\n`).join(''),
  rejects: () => false,
  complaint: (_results, failed, tasks) => [`${failed.length} of ${tasks} draws could not be made`, exitCodes.failure],
};

const presentations: Readonly<Record<JobKind, Presentation<never>>> = { check, sweep, sample };

/** Prints results and what must be said of them; `beside` is what --json says beside them. */
export function printResults(
  terminal: Terminal,
  json: boolean,
  kind: JobKind,
  { results, interrupted, caveats }: Pick<JobOutcome, 'results' | 'interrupted'> & Pick<Drawn<unknown>, 'caveats'>,
  beside: object = {},
): void {
  const presentation = presentations[kind];
  const said = caveats.length === 0 ? {} : { caveats };
  if (json) printJson(terminal, { ...presentation.json(results as never, interrupted), ...said, ...beside });
  else
    terminal.out(
      `${presentation.table(results as never, terminal.columns)}${caveats.map((line) => `${line}\n`).join('')}`,
    );
}

/** Of a run that ended by itself; says what could not be computed. */
export function exitCodeOf(
  terminal: Terminal,
  kind: JobKind,
  { results, failed }: Pick<JobOutcome, 'results' | 'failed'>,
  tasks: number,
): ExitCode {
  const presentation = presentations[kind];
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
