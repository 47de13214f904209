/**
 * Training, as an experiment states it: what is optimised, how, and where it is looked at. Types only.
 *
 * A network is trained on N samples that stay the same (one-pass SGD: that are each seen once). Its loss is the mean
 * over samples; the squared error is (1/2N) Σ‖f − y‖² with y the unit vector of the label.
 */
import type { DrawSettings, Parameters } from '../contracts.js';
import type { LabelRule, Optimiser, Schedule } from '../../theory/names.js';

export type { Parameters } from '../contracts.js';

export interface TrainingPlan {
  readonly settings: DrawSettings;
  /** Where the labels of training and of fresh data come from. */
  readonly labels: LabelRule;
  readonly optimiser: Optimiser;
  /** η of the first step. */
  readonly learningRate: number;
  readonly schedule: Schedule;
  /** Updates in all; 0 looks at the initialisation alone. */
  readonly steps: number;
  /** Samples of one update; all of them for full-batch optimisers. */
  readonly batch: number;
  /** Steps after which the network is looked at, ascending, from 0 to `steps`. */
  readonly marks: readonly number[];
}

/** Everything that the next step depends on besides the data and the streams: what is kept to go on after a stop. */
export interface TrainingState extends Parameters {
  /** Updates made. */
  readonly step: number;
  /** Mean loss over the batch of the first update, before it, against which a diverging loss is seen; null before it. */
  readonly firstLoss: number | null;
  /** Adam's running means of gradients and of their squares, in the order W, V; empty for the other optimisers. */
  readonly firstMoments: Float64Array;
  readonly secondMoments: Float64Array;
  /**
   * Σ over the steps made of η²(‖∂w_i‖² − ‖∂v_i‖²), one value a unit: by how much ‖w_i‖² − ‖v_i‖² must have moved
   * under plain gradient steps through gates. Empty for other optimisers, activations and models.
   */
  readonly balanceDrift: Float64Array;
}

/** Where training stands, for the terminal. */
export interface TrainingProgress {
  readonly step: number;
  /** Mean loss over the batch of the last update, before it. */
  readonly loss: number;
  /** Share of that batch whose largest output is its label's. */
  readonly accuracy: number;
}

/** Goes on from a state, update by update. */
export interface Trainer {
  /** Updates made. */
  readonly step: number;
  /**
   * Makes updates until `to` of them are made. Lets other work of its thread in between now and then, so that a signal
   * can be given: after it, the state is that of the last whole update. `onProgress` is called after every update.
   *
   * @throws UsageError for a step that lies behind or beyond the plan; NumericalError when the loss diverges, with the
   * last good state left to be read; the signal's reason.
   */
  advance(to: number, options?: AdvanceOptions): Promise<void>;
  /** A copy. */
  state(): TrainingState;
}

export interface AdvanceOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
}
