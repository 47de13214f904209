import { UsageError } from '../../theory/errors.js';
import { labelRules, optimiserNames, optimisers, schedules, paperModels } from '../../theory/names.js';
import { validateDrawSettings } from '../models/index.js';
import type { TrainingPlan } from './contract.js';

/**
 * Throws a UsageError unless the plan describes a training that can be made: settings as `validateDrawSettings`, words
 * of theory/names.ts, a positive learning rate, whole numbers of steps and samples that the optimiser can use, ascending
 * marks.
 */
export function validateTrainingPlan(plan: TrainingPlan): void {
  validateDrawSettings(plan.settings);
  requireOneOf('model', plan.settings.model, paperModels);
  requireOneOf('labels', plan.labels, labelRules);
  requireOneOf('optimiser', plan.optimiser, optimiserNames);
  requireOneOf('schedule', plan.schedule, schedules);
  if (!(plan.learningRate > 0 && Number.isFinite(plan.learningRate))) {
    throw new UsageError(
      `learningRate, η of the first step, must be a finite number above 0, got ${String(plan.learningRate)}; try 0.005`,
    );
  }
  if (!Number.isSafeInteger(plan.steps) || plan.steps < 0) {
    throw new UsageError(
      `steps, the number of updates, must be a whole number of at least 0, got ${String(plan.steps)}; 0 looks at the initialisation alone`,
    );
  }
  validateBatch(plan);
  validateMarks(plan);
}

function validateBatch({ settings: { samples }, optimiser, steps, batch }: TrainingPlan): void {
  if (!Number.isSafeInteger(batch) || batch < 1 || batch > samples) {
    throw new UsageError(
      `batch, the samples of one update, must be a whole number from 1 to the ${samples} samples, got ${String(batch)}`,
    );
  }
  const { fullBatch, onePass } = optimisers[optimiser];
  if (fullBatch && batch !== samples) {
    throw new UsageError(
      `batch must be all ${samples} samples, which every update of ${optimiser} reads, got ${batch}; leave it out, or train by sgd`,
    );
  }
  if (onePass && steps * batch > samples) {
    throw new UsageError(
      `${optimiser} reads each sample once: steps × batch must be at most the ${samples} samples, got ${steps} × ${batch} = ${steps * batch}; take at most ${Math.floor(samples / batch)} steps or at least ${steps * batch} samples`,
    );
  }
}

function validateMarks({ marks, steps }: TrainingPlan): void {
  marks.forEach((mark, k) => {
    if (!Number.isSafeInteger(mark) || mark < 0 || mark > steps) {
      throw new UsageError(
        `marks must be whole numbers of updates from 0 to the ${steps} steps, got ${String(mark)}; give a mark that training reaches`,
      );
    }
    if (k > 0 && mark <= marks[k - 1]!) {
      throw new UsageError(`marks must ascend, got ${mark} after ${marks[k - 1]}; sort them and name each once`);
    }
  });
}

function requireOneOf(key: string, value: unknown, allowed: readonly string[]): void {
  if (!allowed.includes(value as string))
    throw new UsageError(`${key} must be one of ${allowed.join(', ')}, got ${String(value)}`);
}
