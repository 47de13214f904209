/** From the results of tasks to what the run says. */
import type { MarkObservation } from '../../../simulations/dynamics/index.js';
import { NumericalError } from '../../../theory/errors.js';
import type { TrainTask, TrainTaskResult } from '../../draws/train/trainContract.js';
import { version } from '../../version.js';
import type { Drawn, FailedTask, JobOutcome } from '../run/job.js';
import type {
  Estimate,
  MarkPlace,
  MarkSummary,
  TrainFailure,
  TrainResult,
  TrainRun,
} from '../../../figures/trainResult.js';
import { curvesOfTraining } from './curvesOfTraining.js';
import { markColumns, type ColumnContext } from './markColumns.js';
import type { TrainRequest } from './request.js';
import { labelTraits } from '../../../theory/names.js';

export interface TrainOutcome extends JobOutcome {
  readonly results: TrainResult;
}

export function judgeTraining(
  request: TrainRequest,
  tasks: readonly TrainTask[],
  drawn: Drawn<TrainTaskResult>,
): TrainOutcome {
  const { title, seed, settings, plan, labels, inputs, replicates } = request.about;
  const failed = [...drawn.failed, ...divergences(drawn.results)].sort((a, b) => a.index - b.index);
  const done = drawn.results.filter((result) => result !== undefined);
  if (done.length === 0 && failed.length > 0) throw failed[0]!.error;
  const runs = runsOf(done);
  const places = runs.flatMap(({ replicate, marks }) =>
    marks.map((mark) => ({ mark, place: { replicate, step: mark.step, data: mark.data } satisfies MarkPlace })),
  );
  const statements = places.flatMap(({ mark, place }) => mark.exact.map((statement) => ({ ...place, ...statement })));
  const broken = statements.filter(({ holds }) => !holds);
  const results: TrainResult = {
    kind: 'train',
    title,
    version,
    seed,
    backend: drawn.backend,
    settings,
    plan,
    labels,
    inputs,
    replicates,
    freshSamples: Math.max(0, ...done.map(({ freshSamples }) => freshSamples)),
    interrupted: drawn.interrupted,
    verdict: broken.length === 0 ? 'agree' : 'disagree',
    statements: statements.length,
    broken,
    deadUnits: places.flatMap(({ mark, place }) => (mark.dead.length === 0 ? [] : [{ ...place, units: mark.dead }])),
    failures: failed.map(({ index, error }): TrainFailure => ({
      replicate: replicateOf(tasks[index]!),
      name: error.name,
      message: error.message,
    })),
    runs,
    heatMaps: done.flatMap(({ heatMaps }) => heatMaps).sort((a, b) => a.step - b.step),
    curves: curvesOfTraining(request, runs),
    summary: summaryOf(runs, { settings, scored: withoutScores(request) === undefined }, plan?.steps),
    notes: notesOf(request, done),
    ...(drawn.caveats.length === 0 ? {} : { caveats: drawn.caveats }),
  };
  return { results, interrupted: drawn.interrupted, failed };
}

const replicateOf = (task: TrainTask): number => (task.kind === 'training' ? task.replicate : 0);

/** Trainings that stopped by themselves before their end: their marks are good, and the run has failed. */
function divergences(results: readonly (TrainTaskResult | undefined)[]): FailedTask[] {
  return results.flatMap((result, index) =>
    result === undefined || result.diverged === null ? [] : [{ index, error: new NumericalError(result.diverged) }],
  );
}

/** The marks of each replicate in order, whatever tasks they come from. */
function runsOf(results: readonly TrainTaskResult[]): TrainRun[] {
  const replicates = [...new Set(results.map(({ replicate }) => replicate))].sort((a, b) => a - b);
  return replicates.map((replicate) => ({
    replicate,
    marks: results
      .filter((result) => result.replicate === replicate)
      .flatMap(({ marks }) => marks)
      .sort((a, b) => a.step - b.step),
  }));
}

function summaryOf(runs: readonly TrainRun[], about: ColumnContext, steps: number | undefined): MarkSummary[] {
  const marks = runs.flatMap((run) => run.marks);
  const ordered = [...new Set(marks.map(({ step }) => step))].sort((a, b) => a - b);
  return (['train', 'fresh'] as const).flatMap((data) =>
    ordered.flatMap((step) => {
      const own = marks.filter((mark) => mark.step === step && mark.data === data);
      if (own.length === 0) return [];
      const share = steps === undefined ? null : steps === 0 ? 0 : step / steps;
      return [{ step, share, data, count: own.length, columns: columnsOf(own, about) }];
    }),
  );
}

function columnsOf(marks: readonly MarkObservation[], about: ColumnContext): MarkSummary['columns'] {
  return Object.fromEntries(
    markColumns.flatMap(({ name, valueOf }) => {
      const values = marks.map((mark) => valueOf(mark, about)).filter((value) => value !== undefined);
      return values.length === 0 ? [] : [[name, estimateOf(values)]];
    }),
  );
}

function estimateOf(values: readonly number[]): Estimate {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2) return { mean, standardError: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (count - 1) / count) };
}

/**
 * Why scores are left out; undefined where they are not. They compare the residual part with what standard normal inputs
 * give off the directions that labels come through: other inputs, and directions that nobody knows, would look like
 * memorisation.
 */
function withoutScores({ about, training }: TrainRequest): string | undefined {
  const left = 'Scores are left out of the table:';
  if (labelTraits[about.labels].inputs !== undefined)
    return `${left} labels come with the data, through directions that are not known.`;
  if (training !== null && training.inputs.distribution !== 'gaussian')
    return `${left} they hold for standard normal inputs, and these are ${training.inputs.distribution}.`;
  return undefined;
}

function notesOf(request: TrainRequest, results: readonly TrainTaskResult[]): string[] {
  const notes = [withoutScores(request)].filter((note) => note !== undefined);
  if (request.training === null && notes.length === 0)
    notes.push('z_R takes the inputs for standard normal off the directions.');
  if (results.some(({ freshSamples }) => freshSamples === 0))
    notes.push('There are no fresh data: what holds on the training data alone may be memorised.');
  return notes;
}
