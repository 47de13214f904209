/** A training that stops at its marks: there the network is a draw, on its own data or on data that it has not seen. */
import type { Parameters } from '../../../simulations/contracts.js';
import type { Balance } from '../../../simulations/dynamics/index.js';
import { activationOf, drawFromParts, modelNamed } from '../../../simulations/models/index.js';
import type { Draw } from '../../../simulations/models/index.js';
import { createTrainer, drawFresh, drawTraining, sampleBatches } from '../../../simulations/training/index.js';
import type { TrainingPlan } from '../../../simulations/training/index.js';
import type { TaskEnvironment } from '../environment.js';

export interface MarkedNetwork {
  readonly step: number;
  readonly data: 'train' | 'fresh';
  /** With the inputs of `data` in its workspace: to be read before the next mark is asked for. */
  readonly draw: Draw;
  /** Directions beside the network's own that the labels depend on. */
  readonly directions: Float64Array;
  /** Of the network, not of the data: said on training data alone. */
  readonly balance: Balance | undefined;
  readonly start: Parameters;
}

/** What a training is looked at on: its own data at every mark, and fresh data. */
export interface Looks {
  readonly train: boolean;
  readonly fresh: 'never' | 'at the end' | 'at every mark';
}

/** Marks in order; at each the training data first, then fresh data if they are wanted. */
export async function* followTraining(
  {
    plan,
    seed,
    replicate,
    looks,
  }: {
    readonly plan: TrainingPlan;
    readonly seed: string;
    readonly replicate: number;
    readonly looks: Looks;
  },
  environment: TaskEnvironment,
): AsyncGenerator<MarkedNetwork, void> {
  const { settings } = plan;
  const { dimension, samples } = settings;
  const workspace = environment.workspace(dimension, samples);
  const { labels, start, directions } = drawTraining(plan, workspace, seed, replicate);
  const trainer = createTrainer(plan, {
    workspace,
    labels,
    start,
    activation: activationOf(settings),
    batches: sampleBatches(plan, seed, replicate),
    backend: environment.backend,
  });
  const powers = powerDifferences(plan, start);
  for (const step of plan.marks) {
    await trainer.advance(step);
    const { hiddenLayer, readout, balanceDrift } = trainer.state();
    const network = { settings, hiddenLayer, readout, wanted: {} };
    if (looks.train) {
      const draw = drawFromParts({ ...network, workspace, labels });
      yield { step, data: 'train', draw, directions, start, balance: { start: powers, drift: balanceDrift } };
    }
    if (looks.fresh === 'at every mark' || (looks.fresh === 'at the end' && step === plan.marks.at(-1))) {
      const unseen = environment.workspace(dimension, samples, 'fresh');
      const { labels: freshLabels } = drawFresh(plan, unseen, seed, replicate, step);
      const draw = drawFromParts({ ...network, workspace: unseen, labels: freshLabels });
      yield { step, data: 'fresh', draw, directions, start, balance: undefined };
    }
  }
}

/** ‖w_i‖² − ‖v_i‖² of each unit. */
export function powerDifferences({ settings }: TrainingPlan, { hiddenLayer, readout }: Parameters): Float64Array {
  const units = modelNamed(settings.model).units(settings);
  const { dimension } = settings;
  const differences = new Float64Array(units);
  for (let k = 0; k < units * dimension; k++) differences[Math.floor(k / dimension)]! += hiddenLayer[k]! ** 2;
  if (units > 0) for (let k = 0; k < readout.length; k++) differences[k % units]! -= readout[k]! ** 2;
  return differences;
}
