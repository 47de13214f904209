/** A network with its data while it is trained: at any step it is a draw, on its own data or on data that it has not seen. */
import type { Parameters, Workspace } from '../../../simulations/contracts.js';
import type { Balance, MarkObservation } from '../../../simulations/dynamics/index.js';
import { activationOf, drawFromParts, modelOf } from '../../../simulations/models/index.js';
import type { Draw } from '../../../simulations/models/index.js';
import { createTrainer, drawFresh, drawTraining, sampleBatches } from '../../../simulations/training/index.js';
import type { Trainer, TrainingPlan, TrainingStart, TrainingState } from '../../../simulations/training/index.js';
import type { TaskEnvironment } from '../environment.js';
import type { TrainingData } from './dataOfTraining.js';

/** Which training of which plan; from a kept state it goes on. */
export interface TrainingRequest {
  readonly plan: TrainingPlan;
  readonly seed: string;
  readonly replicate: number;
  /** Standard normal inputs, as many of them fresh, when absent. */
  readonly data?: TrainingData;
  readonly state?: TrainingState | undefined;
}

export interface MarkedNetwork {
  readonly step: number;
  readonly data: MarkObservation['data'];
  /** With the inputs of `data` in its workspace: to be read before the network is asked for again. */
  readonly draw: Draw;
  /** Directions beside the network's own that the labels depend on. */
  readonly directions: Float64Array;
  /** Of the network, not of the data: said on training data alone. */
  readonly balance: Balance | undefined;
  readonly start: Parameters;
}

export interface TrainedNetwork {
  readonly trainer: Trainer;
  readonly begin: TrainingStart;
  /** Of the training, with its inputs. */
  readonly workspace: Workspace;
  /** The network as it is. Fresh data are those of the mark `step`. */
  on(data: MarkObservation['data'], step: number): MarkedNetwork;
}

export function trainedNetwork(request: TrainingRequest, environment: TaskEnvironment): TrainedNetwork {
  const { plan, seed, replicate, data, state } = request;
  const { settings } = plan;
  const workspace = environment.workspace(settings.dimension, settings.samples);
  const begin = drawTraining(plan, workspace, seed, replicate, data?.options);
  const { labels, start, directions } = begin;
  const trainer = createTrainer(plan, {
    ...{ workspace, labels, start: state ?? start, backend: environment.backend },
    activation: activationOf(settings),
    batches: sampleBatches(plan, seed, replicate),
  });
  const powers = powerDifferences(plan, start);
  const fresh = (step: number) => {
    const unseen = environment.workspace(settings.dimension, data?.freshSamples ?? settings.samples, 'fresh');
    return { workspace: unseen, ...drawFresh(plan, unseen, seed, replicate, step, data?.freshOptions) };
  };
  return {
    trainer,
    begin,
    workspace,
    on(kind, step) {
      const { hiddenLayer, readout, balanceDrift } = trainer.state();
      const own = kind === 'train' ? { workspace, labels } : fresh(step);
      const draw = drawFromParts({
        settings: { ...settings, samples: own.workspace.samples },
        ...{ workspace: own.workspace, labels: own.labels, hiddenLayer, readout },
        wanted: {},
      });
      const balance = kind === 'train' ? { start: powers, drift: balanceDrift } : undefined;
      return { step, data: kind, draw, directions, balance, start };
    },
  };
}

/** ‖w_i‖² − ‖v_i‖² of each unit. */
function powerDifferences({ settings }: TrainingPlan, { hiddenLayer, readout }: Parameters): Float64Array {
  const units = modelOf(settings).units(settings);
  const { dimension } = settings;
  const differences = new Float64Array(units);
  for (let k = 0; k < units * dimension; k++) differences[Math.floor(k / dimension)]! += hiddenLayer[k]! ** 2;
  if (units > 0) for (let k = 0; k < readout.length; k++) differences[k % units]! -= readout[k]! ** 2;
  return differences;
}
