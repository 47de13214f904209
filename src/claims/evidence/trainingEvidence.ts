/** What every claim about trainings reads from their marks. */
import { counted } from '../../../figures/text.js';
import type { ConfidenceInterval, Measurement } from '../../../figures/results.js';
import { meanTest, normalSurvival, studentUpperQuantile } from '../../../simulations/comparisons/index.js';
import type { PowerAgainst } from '../../../simulations/comparisons/index.js';
import type { SeenMark, TrainingTask, TrainingTaskResult } from '../../draws/check/index.js';
import type { Finished, TestDraft } from '../claim.js';
import { finishedOf } from '../taskLists.js';
import { courseName } from '../trainingTasks.js';
import type { Course } from '../trainingTasks.js';
import { statedPower } from './lawEvidence.js';
import { nameTest } from './nameTest.js';
import { pooledTests } from './pooledTests.js';

export const confidence = 0.95;

export interface TrainingDraw {
  readonly task: TrainingTask;
  readonly result: TrainingTaskResult;
}

/** The trainings of one course. */
export function drawsOfCourse(finished: readonly Finished[], course: Course): TrainingDraw[] {
  return finishedOf(finished, 'training', ({ experiment }) => experiment === `training/${courseName(course)}`);
}

export type Data = SeenMark['data'];

export function marksOf({ result }: TrainingDraw, data: Data): readonly SeenMark[] {
  return result.marks.filter((mark) => mark.data === data);
}

/** The looks at the initialisation and at the trained network. */
export function endsOf(draw: TrainingDraw, data: Data): { readonly first: SeenMark; readonly last: SeenMark } {
  const marks = marksOf(draw, data);
  return { first: marks[0]!, last: marks[marks.length - 1]! };
}

/** Statements that are true of any network and were found broken, one sentence for each course and statement. */
export function brokenStatements(draws: readonly TrainingDraw[]): string[] {
  return draws.flatMap(({ task, result }) =>
    result.marks.flatMap(({ step, data, exact }) =>
      exact.broken.map(
        ({ id, unit, left, right, relation }) =>
          `${task.experiment}, draw ${task.replicate}, step ${step}, ${data} data: ${id}${unit === null ? '' : ` of unit ${unit}`}: ${left} must be ${relation === 'equal' ? 'equal to' : 'at most'} ${right}`,
      ),
    ),
  );
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean of independent values with Student's interval; none from fewer than two. */
export function meanWithInterval(values: readonly number[]): {
  readonly measured: number;
  readonly interval: ConfidenceInterval | null;
} {
  const measured = mean(values);
  if (values.length < 2) return { measured, interval: null };
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - measured) ** 2, 0) / (values.length - 1));
  const half = (studentUpperQuantile((1 - confidence) / 2, values.length - 1) * deviation) / Math.sqrt(values.length);
  return { measured, interval: { lower: measured - half, upper: measured + half, level: confidence } };
}

/** The same of positive values by their logarithms: their geometric mean. */
export function geometricMean(values: readonly number[]): ReturnType<typeof meanWithInterval> {
  const { measured, interval } = meanWithInterval(values.map(Math.log));
  return {
    measured: Math.exp(measured),
    interval: interval && { ...interval, lower: Math.exp(interval.lower), upper: Math.exp(interval.upper) },
  };
}

/** A number along training that no test rests on. */
export function shownRow(quantity: string, values: readonly number[], note?: string): Measurement {
  return {
    quantity,
    predicted: null,
    ...geometricMean(values),
    judged: false,
    ...(note === undefined ? {} : { note }),
  };
}

/** Values whose mean is known, in lists that are independent of each other. */
export interface MeanStatement {
  readonly regime: string;
  readonly what: string;
  readonly predicted: number;
  readonly lists: readonly (readonly number[])[];
  readonly null: string;
}

/** Fewer values say too little of their spread. */
const fewest = 3;

export function meanStatementTest({ regime, what, predicted, lists, null: law }: MeanStatement): TestDraft[] {
  const usable = lists.filter((values) => values.length >= fewest && values.every(Number.isFinite));
  if (usable.length === 0) return [];
  const pooled = pooledTests(usable.map((values) => meanTest(values, predicted)));
  return [
    {
      ...nameTest(regime, what),
      statistic: `sum of squared normal scores of t-tests of ${usable.map(({ length }) => length).join(' + ')} values, ${counted(pooled.degrees, 'degree')} of freedom`,
      observed: pooled.statistic,
      null: law,
      pValue: pooled.pValue,
      replicates: 0,
    },
  ];
}

/** Relative error of an expected squared norm that a handful of small trainings must see. */
export const normError = 0.3;

/** What a test's values would be under a wrong prediction. */
export interface WrongValues {
  readonly alternative: string;
  readonly wrong: readonly number[];
  /** Their mean if the prediction were right. */
  readonly predicted: number;
  /** Relative size of the error, where it has one. */
  readonly size?: number;
}

export function powerAgainst({ alternative, wrong, predicted, size }: WrongValues, testLevel: number): PowerAgainst[] {
  if (wrong.length < fewest) return [];
  const centre = mean(wrong);
  const spread = Math.sqrt(wrong.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (wrong.length - 1));
  const power = (replicates: number): number =>
    powerOfStudentTest(Math.abs(centre - predicted) / spread, replicates, testLevel);
  return [statedPower(alternative, [{ replicates: wrong.length, power }], size)];
}

/**
 * Power of the two-sided t-test of values whose mean is off by `effect` of their standard deviations, by the normal
 * approximation of the noncentral law: T < t with probability Φ((t(1 − 1/4ν) − δ)/√(1 + t²/2ν)), δ = effect √n.
 */
function powerOfStudentTest(effect: number, replicates: number, level: number): number {
  const degrees = replicates - 1;
  if (!(degrees >= 1)) return 0;
  const critical = studentUpperQuantile(level / 2, degrees);
  const shift = effect * Math.sqrt(replicates);
  return normalSurvival((critical * (1 - 1 / (4 * degrees)) - shift) / Math.sqrt(1 + critical ** 2 / (2 * degrees)));
}
