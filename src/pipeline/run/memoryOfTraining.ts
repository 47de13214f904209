/** Bytes that a training and the looks at it need beside a draw of its size. */
import type { DrawSettings } from '../../../simulations/contracts.js';
import { defaultSpectrumOrder } from '../../../simulations/dynamics/index.js';
import { modelOf, predictMemory } from '../../../simulations/models/index.js';
import { predictTrainingMemory } from '../../../simulations/training/index.js';
import type { TrainingPlan } from '../../../simulations/training/index.js';

/** What a look holds, the trainer's copies, and a workspace of its own for fresh data. */
export function memoryOfTraining(plan: TrainingPlan, freshSamples: number): number {
  const { settings } = plan;
  const { gradient, states } = predictTrainingMemory(plan);
  const fresh = predictMemory({ ...settings, samples: freshSamples }).workspace;
  return memoryOfLook(settings) + gradient + states + fresh;
}

/** Outputs, residuals and products of them for all samples; where the whole Hessian is looked at, its parts. Measured. */
export function memoryOfLook(settings: DrawSettings): number {
  const order = parametersOf(settings);
  const matrices = order <= defaultSpectrumOrder ? 4 * order ** 2 : 0;
  return 8 * (9 * settings.classes * settings.samples + matrices);
}

export const parametersOf = (settings: DrawSettings): number =>
  modelOf(settings).layers.reduce((sum, layer) => sum + layer.count(settings) * layer.order(settings), 0);
