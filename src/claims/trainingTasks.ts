/** Lists of tasks that train: the set-ups along which Hessians are looked at. */
import type { InitialisationName, Loss } from '../../theory/contracts.js';
import { paperActivation } from '../../theory/names.js';
import type { LabelRule, Optimiser, Schedule } from '../../theory/names.js';
import type { DrawSettings } from '../../simulations/contracts.js';
import type { TrainingPlan } from '../../simulations/training/index.js';
import type { TrainingTask } from '../draws/check/index.js';
import type { PlanContext } from './claim.js';

/** What is trained, and how; sizes as in the preset. */
export interface Course {
  readonly loss: Loss;
  readonly labels: LabelRule;
  readonly initialisation: InitialisationName;
  readonly optimiser: Optimiser;
  readonly schedule: Schedule;
  readonly learningRate: number;
  readonly steps: number;
  /** Shares of the steps at which the network is looked at. */
  readonly marks: readonly number[];
  readonly dimension: number;
  readonly classes: number;
  readonly width: number;
  /** N/d; as published when absent. */
  readonly samplesPerDimension?: number;
}

/** N/d of the published configuration. */
export const publishedSamples = 10;

function samplesOf({ dimension, samplesPerDimension = publishedSamples }: Course): number {
  return samplesPerDimension * dimension;
}

/** A course's name, in experiments and in tests. */
export function courseName({ loss, labels, classes, dimension, optimiser, learningRate }: Course): string {
  return `${loss}, ${labels} labels, ${optimiser} ${learningRate}, d = ${dimension}, C = ${classes}`;
}

/** Where a sentence of the paper is tried. */
export function courseSetUp(course: Course): string {
  const { loss, labels, initialisation, optimiser, schedule, learningRate, steps, dimension, classes, width } = course;
  return `${loss}, ${labels} labels, initialisation ${initialisation}, d = ${dimension}, N = ${samplesOf(course)}, C = ${classes}, m = ${width}, ${steps} steps of ${optimiser}, ${learningRate} ${schedule}`;
}

function settingsOf(course: Course): DrawSettings {
  const { loss, initialisation, dimension, classes, width } = course;
  const samples = samplesOf(course);
  return { model: 'hidden', loss, activation: paperActivation, initialisation, dimension, samples, classes, width };
}

function planOfCourse(course: Course): TrainingPlan {
  const { labels, optimiser, schedule, learningRate, steps, marks } = course;
  const settings = settingsOf(course);
  return {
    ...{ settings, labels, optimiser, schedule, learningRate, steps },
    batch: settings.samples,
    marks: marks.map((share) => Math.round(share * steps)),
  };
}

/** Independent trainings of one course. */
export function trainingTasks(
  { seed, perturbation }: PlanContext,
  course: Course,
  draws: number,
  { train, fresh, wanted }: TrainingTask['looks'] & { readonly wanted?: Partial<TrainingTask['wanted']> },
): TrainingTask[] {
  const plan = planOfCourse(course);
  return Array.from({ length: draws }, (_, replicate): TrainingTask => ({
    kind: 'training',
    experiment: `training/${courseName(course)}`,
    settings: plan.settings,
    plan,
    seed,
    replicate,
    looks: { train, fresh },
    wanted: { norms: 'none', laws: false, wholeHessian: false, ...wanted },
    perturbation,
  }));
}
