import { lossGradientBytes } from '../linalg/wasm/networkRegions.js';
import { activationOf, modelOf, predictMemory } from '../models/index.js';
import type { TrainingPlan } from './contract.js';
import { stateSizes } from './stateSizes.js';
import { validateTrainingPlan } from './validateTrainingPlan.js';

/** Bytes of one training in one worker, by what holds them. */
export interface TrainingMemory {
  /** The embedded backend's workspace, which holds the inputs. */
  readonly workspace: number;
  /** The inputs once more, one tile of samples, and the derivatives, where the kernels read them. */
  readonly gradient: number;
  /** Parameters and what the optimiser remembers: the start, the state now, the last good one, and one handed out. */
  readonly states: number;
  readonly total: number;
}

const bytes = 8;

/**
 * What a run of this plan needs, looks at its marks aside, before anything is allocated; within 20 % of what the
 * embedded backend then allocates. No d×d matrix but the workspace's, and nothing of C×N.
 *
 * @throws UsageError as `validateTrainingPlan`
 */
export function predictTrainingMemory(plan: TrainingPlan): TrainingMemory {
  validateTrainingPlan(plan);
  const { dimension, samples, classes } = plan.settings;
  const units = modelOf(plan.settings).units(plan.settings);
  const { hiddenLayer, readout, moments, balanceDrift } = stateSizes(plan, activationOf(plan.settings));
  const parameters = hiddenLayer + readout;
  const workspace = predictMemory(plan.settings).workspace;
  // The derivatives as the kernels sum them, and as they are handed out.
  const gradient = lossGradientBytes({ dimension, samples, classes, units }) + bytes * parameters;
  const states = bytes * (parameters + 3 * (parameters + 2 * moments + balanceDrift)) + 4 * samples;
  return { workspace, gradient, states, total: workspace + gradient + states };
}
