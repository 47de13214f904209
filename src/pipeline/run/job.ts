import type { BackendName, DrawSettings } from '../../../simulations/contracts.js';
import type { TaskEnvironment } from '../../draws/environment.js';
import type { TaskNotes } from '../../draws/taskNotes.js';
import type { RunFolder } from '../../store/runFolder.js';

/**
 * Work made of tasks that do not depend on each other, and what is made of their results. Whatever performs the tasks,
 * at once, in parts or on several machines, the outcome is the same: it depends on the results by index alone.
 */
export interface Job<Task, Result, Outcome extends JobOutcome> {
  /** The command that runs it. */
  readonly kind: JobKind;
  /** Plain data from which the same program makes the same job again, with no other file at hand: see `jobOf`. */
  readonly request: object;
  readonly seed: string;
  /** Plain data that the results depend on, besides the seed and the contents of input files. */
  readonly settings: unknown;
  /** Paths of input files. */
  readonly inputs: readonly string[];
  readonly tasks: readonly Task[];
  /** Compiled module of a worker that performs tasks (serveTasks), from the root; without one they are performed here. */
  readonly worker?: string;
  /** For the progress display. */
  label(task: Task): string;
  /** Of what a task draws: its memory and time follow from it. Tasks of one size share the object. */
  sizeOf(task: Task): DrawSettings;
  /** Bytes that a task needs beside its draw; none when absent. */
  besideDraw?(task: Task): number;
  /**
   * Short tasks, tried in place of a long one, and how many times the time of each goes into its own; the task itself
   * when absent. Tasks of one size take the same time then, whatever their labels.
   */
  trials?(task: Task): readonly { readonly task: Task; readonly times: number }[];
  /**
   * What will be done on so many workers, for the terminal.
   * @throws UsageError for input files that cannot be used.
   */
  plan(workers: number): string;
  perform(task: Task, environment: TaskEnvironment, notes: TaskNotes): Promise<Result>;
  /** The task with the state that its notes kept when it was cut short; absent where tasks are short. */
  resumed?(task: Task, state: unknown): Task;
  /** What there is of a result in that state, to be shown. */
  partial?(task: Task, state: unknown): Result;
  /** What is kept of a result; files of its own are written into the run folder first. */
  retain?(result: Result, folder: RunFolder | undefined): Result;
  /** Whether the files that belong to a result kept earlier are in the run folder still. */
  isWhole?(result: Result, folder: string): boolean;
  /** Computes on so many workers what judging would compute by itself, to the same outcome. */
  prepare?(drawn: Drawn<Result>, workers: number): Promise<void>;
  judge(drawn: Drawn<Result>): Outcome;
  /** Writes the outcome; returns the files that a person would open first. The manifest is the last that is written. */
  save(folder: RunFolder, outcome: Outcome, run: RunFacts): Promise<string[]>;
}

export type JobKind = 'check' | 'sweep' | 'sample' | 'train';

/** Results by index, `undefined` where there is none. */
export interface Drawn<Result> {
  readonly results: readonly (Result | undefined)[];
  readonly backend: BackendName;
  /** Tasks were left undone, though they may not have failed. */
  readonly interrupted: boolean;
  readonly failed: readonly FailedTask[];
  /** What every output must say of these results: that there are more, or that they come of different machines. */
  readonly caveats: readonly string[];
}

/** A task, by its index, that could not be computed. */
export interface FailedTask {
  readonly index: number;
  readonly error: Error;
}

export interface JobOutcome {
  /** What results.json holds, and the table shows. */
  readonly results: object;
  readonly interrupted: boolean;
  /** Tasks that could not be computed. */
  readonly failed: readonly FailedTask[];
}

/** What the manifest says beside the results. */
export interface RunFacts {
  readonly created: Date;
  readonly seconds: number;
  readonly workers: number;
  /** Of the whole run. A run is finished when as many are drawn. */
  readonly tasks: number;
  readonly drawn: number;
  /** None is absent. */
  readonly caveats?: readonly string[];
}
