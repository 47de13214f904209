/** One training of a linear model by gradient descent, beside what theory makes of its start or of its first step. */
import { measureMoment } from '../../../theory/measures/index.js';
import { oneStepWeights } from '../../../theory/dynamics/index.js';
import type { StepOutcome } from '../../../theory/dynamics/index.js';
import { observeMark } from '../../../simulations/dynamics/index.js';
import type { MarkObservation } from '../../../simulations/dynamics/index.js';
import type { TrainingPlan } from '../../../simulations/training/index.js';
import type { TaskEnvironment } from '../environment.js';
import type { ExperimentTask } from './experimentTask.js';
import { gramOfRows } from '../lawsOfDraw.js';
import type { Perturbation } from '../perturbation.js';
import { followTraining } from '../train/followTraining.js';
import type { MarkedNetwork } from '../train/trainedNetwork.js';

export interface LinearTrainingTask extends ExperimentTask {
  readonly kind: 'linear training';
  /** Of the same settings. */
  readonly plan: TrainingPlan;
  readonly perturbation: Perturbation;
}

export interface LinearMark extends Pick<MarkObservation, 'step' | 'data' | 'loss' | 'gradientPower'> {
  /** E a of the diagonal block. */
  readonly mean: number;
}

export interface LinearTrainingTaskResult {
  readonly kind: 'linear training';
  /** ‖V_0‖²_F. */
  readonly startPower: number;
  readonly marks: readonly LinearMark[];
  /** Of a training of one step under cross-entropy: what is to be seen given V_0 and V_1. */
  readonly oneStep: { readonly train: PredictedStep; readonly fresh: PredictedStep } | null;
}

/** Mean loss, and E a of the diagonal block. */
export interface PredictedStep {
  readonly loss: number;
  readonly mean: number;
}

export async function performLinearTrainingTask(
  task: LinearTrainingTask,
  environment: TaskEnvironment,
): Promise<LinearTrainingTaskResult> {
  const { plan, replicate } = task;
  const marks: LinearMark[] = [];
  let startPower = 0;
  let oneStep: LinearTrainingTaskResult['oneStep'] = null;
  const following = followTraining(
    { plan, seed: `${task.seed}/${task.experiment}`, replicate, looks: { train: true, fresh: 'at every mark' } },
    environment,
  );
  for await (const network of following) {
    const { step, data, draw, start } = network;
    const seen = observeMark(draw, { step, data, backend: environment.backend, largestSpectrumOrder: 0 });
    marks.push({ step, data, loss: seen.loss, gradientPower: seen.gradientPower, mean: seen.blocks[0]!.mean });
    startPower = start.readout.reduce((sum, value) => sum + value * value, 0);
    if (plan.steps === 1 && step === 1 && plan.settings.loss === 'ce') oneStep ??= predictedStep(task, network);
  }
  return { kind: 'linear training', startPower, marks, oneStep };
}

function predictedStep({ plan, perturbation }: LinearTrainingTask, { draw, start }: MarkedNetwork) {
  const { classes, dimension, samples } = plan.settings;
  const both = new Float64Array(2 * classes * dimension);
  both.set(start.readout);
  both.set(draw.readout.rows([...Array(classes).keys()]), classes * dimension);
  const outcome = oneStepWeights({
    gram: gramOfRows(both, 2 * classes, dimension, perturbation.logitVariance),
    classes,
    i: 0,
    j: 0,
    learningRate: plan.learningRate,
    aspectRatio: (dimension / samples) * perturbation.aspectRatio,
  });
  return { train: summary(outcome.training), fresh: summary(outcome.fresh) };
}

function summary({ weights, loss }: StepOutcome): PredictedStep {
  return { loss, mean: measureMoment(weights.measure, 1) };
}
