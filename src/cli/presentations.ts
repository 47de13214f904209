/** What a person, a program and a shell are told of the outcome of each command that draws. */
import type { RunResults } from '../../figures/results.js';
import { calibrationText } from '../pipeline/check/calibrate.js';
import { checkSummary } from '../pipeline/check/runCheck.js';
import type { FailedTask, JobKind, JobOutcome } from '../pipeline/run/job.js';
import type { SampleResult } from '../pipeline/sample/runSample.js';
import { sweepRejects } from '../pipeline/sweep/runSweep.js';
import type { SweepResult } from '../pipeline/sweep/runSweep.js';
import { claimTable } from './claimTable.js';
import { exitCodes } from './exitCodes.js';
import type { ExitCode } from './exitCodes.js';
import { sweepTable } from './sweepTable.js';

/** Of results as their file holds them. */
export interface Presentation<Results extends object> {
  json(results: Results, interrupted: boolean): object;
  table(results: Results, columns: number): string;
  /** Whether a claim, a law or a test is rejected. */
  rejects(results: Results): boolean;
  /** What is said of tasks that could not be computed. */
  complaint(results: Results, failed: readonly FailedTask[], tasks: number): string;
}

const check: Presentation<RunResults> = {
  json: (results, interrupted) =>
    results.calibration === undefined
      ? checkSummary(results, interrupted)
      : { kind: 'calibration', seed: results.seed, ...results.calibration },
  table: (results, columns) =>
    results.calibration === undefined ? claimTable(results, columns) : calibrationText(results.calibration),
  rejects: ({ claims }) => claims.some(({ verdict }) => verdict === 'disagree'),
  complaint: (_results, failed, tasks) =>
    `${failed.length} of ${tasks} tasks could not be computed; the rest is judged and saved, the notes of the report say which`,
};

const sweep: Presentation<SweepResult> = {
  json: (results) => results,
  table: sweepTable,
  rejects: ({ summary }) => sweepRejects(summary),
  complaint: ({ failures, points }) =>
    `${new Set(failures.map(({ point }) => point)).size} of ${points} grid points failed and are left out; the others are saved. ${failures[0]!.message}`,
};

const sample: Presentation<SampleResult> = {
  json: (results) => results,
  table: ({ files }) =>
    files.map(({ name, shape, content }) => `${name.padEnd(40)} (${shape.join(', ')})  ${content}\n`).join(''),
  rejects: () => false,
  complaint: (_results, failed, tasks) => `${failed.length} of ${tasks} draws could not be made`,
};

export const presentations: Readonly<Record<JobKind, Presentation<never>>> = { check, sweep, sample };

/** Of a run that ended by itself. */
export function exitCodeOf({ rejects }: Presentation<never>, { results, failed }: JobOutcome): ExitCode {
  const [first] = failed;
  if (first !== undefined) return first.error.name === 'UsageError' ? exitCodes.usage : exitCodes.failure;
  return rejects(results as never) ? exitCodes.rejected : exitCodes.done;
}
