import type { FailedTask } from '../../pipeline/run/job.js';
import type { ExitCode } from '../exitCodes.js';

/** What is shown of the results of one command, as their file holds them. */
export interface Presentation<Results extends object> {
  json(results: Results, interrupted: boolean): object;
  table(results: Results, columns: number): string;
  /** Whether a claim, a law or a test is rejected. */
  rejects(results: Results): boolean;
  /** What is said of tasks that could not be computed, and the exit code then. */
  complaint(results: Results, failed: readonly FailedTask[], tasks: number): readonly [string, ExitCode];
}
