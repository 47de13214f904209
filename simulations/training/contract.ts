/**
 * Training, as an experiment states it: what is optimised, how, and where it is looked at. Types only.
 *
 * A network is trained on N samples that stay the same (one-pass SGD: that are each seen once). Its loss is the mean
 * over samples; the squared error is (1/2N) Σ‖f − y‖² with y the unit vector of the label.
 */
import type { DrawSettings } from '../contracts.js';
import type { LabelRule, Optimiser, Schedule } from '../../theory/names.js';

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

/** Parameters of a network: what a mark needs beside its data. */
export interface Parameters {
  /** W, m×d, row-major; empty for the linear model. */
  readonly hiddenLayer: Float64Array;
  /** V, C×m, or C×d for the linear model. */
  readonly readout: Float64Array;
}

/** Everything that the next step depends on besides the data and the streams: what is kept to go on after a stop. */
export interface TrainingState extends Parameters {
  /** Updates made. */
  readonly step: number;
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
