/** Training, update by update, from parameters or from a state that was kept. */
import { NumericalError, UsageError } from '../../theory/errors.js';
import type { Backend, BatchLoss, Parameters, Workspace } from '../contracts.js';
import { modelOf, type Activation } from '../models/index.js';
import { addBalanceDrift } from './balanceDrift.js';
import type { Trainer, TrainingPlan, TrainingState } from './contract.js';
import { learningRate } from './learningRate.js';
import type { BatchSource } from './sampleBatches.js';
import { stateSizes } from './stateSizes.js';
import { updateRules, type Remembered } from './updateRules.js';
import { validateTrainingPlan } from './validateTrainingPlan.js';
import { WorkingState } from './workingState.js';

export interface TrainerParts {
  /** Holds the N inputs. They are copied: it may be drawn into while training goes on. */
  readonly workspace: Workspace;
  readonly labels: Int32Array;
  readonly start: Parameters | TrainingState;
  readonly activation: Activation;
  readonly batches: BatchSource;
  readonly backend: Backend;
}

/** A loss this many times the first, or 1 if the first was smaller, says that the steps are too long. */
const largestRise = 1e3;
/** Multiplications between two turns of the event loop, some tens of milliseconds; and what an update costs besides. */
const sliceOperations = 2e8;
const updateOperations = 1e5;

/**
 * A trainer at `parts.start`. The same plan and parts give the same bytes on one backend and machine, however the way
 * is divided into calls, and whether or not a state was kept and gone on from.
 *
 * @throws UsageError for a plan that `validateTrainingPlan` refuses, and for parts of other sizes than the plan's
 */
export function createTrainer(plan: TrainingPlan, parts: TrainerParts): Trainer {
  validateTrainingPlan(plan);
  const current = new WorkingState(stateSizes(plan, parts.activation));
  const lastGood = new WorkingState(stateSizes(plan, parts.activation));
  current.set(parts.start);
  lastGood.set(current);
  requireStep('start', current.step, 0, plan.steps);
  const update = createUpdate(plan, parts, current, lastGood);
  const operations = 3 * (current.hiddenLayer.length + current.readout.length) * plan.batch + updateOperations;
  const slice = Math.max(1, Math.floor(sliceOperations / operations));
  return {
    get step() {
      return current.step;
    },
    state: () => current.copy(),
    async advance(to, { signal, onProgress } = {}) {
      requireStep('to', to, current.step, plan.steps);
      signal?.throwIfAborted();
      while (current.step < to) {
        const seen = update();
        onProgress?.({ step: current.step, ...seen });
        if (current.step % slice === 0) await turnOfEventLoop();
        signal?.throwIfAborted();
      }
    },
  };
}

/** The function that makes one update of `current` and says what it saw before. */
function createUpdate(
  plan: TrainingPlan,
  { workspace, labels, activation, batches, backend }: TrainerParts,
  current: WorkingState,
  lastGood: WorkingState,
): () => BatchLoss {
  const { loss, dimension, samples, classes } = plan.settings;
  const units = modelOf(plan.settings).units(plan.settings);
  const { inputs } = workspace;
  const pass = backend.lossGradient({ loss, dimension, samples, classes, units, activation, inputs, labels });
  const rule = updateRules[plan.optimiser];
  const layers = rememberedLayers(current, pass.gradient);
  const refuse = (what: string): never => {
    const { step, firstLoss } = current;
    current.set(lastGood);
    const first = firstLoss === null ? '' : `, ${firstLoss} at the first update`;
    throw new NumericalError(
      `training diverges: after ${step} updates ${what}${first}; the state after ${current.step} updates is kept; take a --learning-rate smaller than ${plan.learningRate}`,
    );
  };
  return () => {
    const seen = pass.evaluate(current, batches(current.step));
    const limit = current.firstLoss === null ? Number.MAX_VALUE : largestRise * Math.max(1, current.firstLoss);
    // Written so that NaN is refused too.
    if (!(seen.loss <= limit)) refuse(`the loss is ${seen.loss}`);
    lastGood.set(current);
    const rate = learningRate(plan, current.step);
    addBalanceDrift(pass.gradient, rate, current.balanceDrift);
    for (const layer of layers) rule.update(layer, rate, current.step + 1);
    current.firstLoss ??= seen.loss;
    current.step += 1;
    // A gate may hide from the loss that its unit is NaN.
    if (!isFinite(current)) refuse(`a parameter is no longer finite, the loss before was ${seen.loss}`);
    return seen;
  };
}

/** Whether all parameters are: 0 times anything else is NaN. */
function isFinite({ hiddenLayer, readout }: Parameters): boolean {
  let sum = 0;
  for (let k = 0; k < hiddenLayer.length; k += 1) sum += 0 * hiddenLayer[k]!;
  for (let k = 0; k < readout.length; k += 1) sum += 0 * readout[k]!;
  return sum === 0;
}

/** The two layers beside their gradients; moments stand in the order W, V. */
function rememberedLayers(state: WorkingState, gradient: Parameters): Remembered[] {
  const split = state.hiddenLayer.length;
  return [
    {
      parameters: state.hiddenLayer,
      gradient: gradient.hiddenLayer,
      firstMoments: state.firstMoments.subarray(0, split),
      secondMoments: state.secondMoments.subarray(0, split),
    },
    {
      parameters: state.readout,
      gradient: gradient.readout,
      firstMoments: state.firstMoments.subarray(split),
      secondMoments: state.secondMoments.subarray(split),
    },
  ];
}

function requireStep(name: string, step: number, least: number, most: number): void {
  if (!Number.isSafeInteger(step) || step < least || step > most) {
    throw new UsageError(
      `${name} must be a whole number of updates from ${least} to ${most}, got ${String(step)}; training goes forward, to the steps of its plan`,
    );
  }
}

/** Lets timers and messages in. */
function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
