import type { Schedule } from '../../theory/names.js';
import type { TrainingPlan } from './contract.js';

type RateSource = Pick<TrainingPlan, 'learningRate' | 'steps'>;

/** η of the update that follows `step` updates. */
export function learningRate(plan: RateSource & Pick<TrainingPlan, 'schedule'>, step: number): number {
  return schedules[plan.schedule](plan, step);
}

const schedules: Readonly<Record<Schedule, (plan: RateSource, step: number) => number>> = {
  constant: (plan) => plan.learningRate,
  cosine: (plan, step) => (plan.learningRate * (1 + Math.cos((Math.PI * step) / plan.steps))) / 2,
};
