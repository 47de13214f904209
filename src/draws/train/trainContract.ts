/** What `limitlaw train` asks of a worker, and what a worker answers. */
import type { TrainHeatMap } from '../../../figures/trainResult.js';
import type { DrawSettings, Parameters } from '../../../simulations/contracts.js';
import type { MarkObservation } from '../../../simulations/dynamics/contract.js';
import type { TrainingPlan, TrainingState } from '../../../simulations/training/contract.js';
import type { LabelRule } from '../../../theory/names.js';
import type { InputsAtPoint } from '../../specification/expandSpec.js';

/** One training from its beginning to its end, looked at along the way. */
export interface TrainingTask {
  readonly kind: 'training';
  readonly replicate: number;
  readonly plan: TrainingPlan;
  /** With an absolute file name. */
  readonly inputs: InputsAtPoint;
  /** Of the rows of the data set, where the labels are those of a file and not in the data file itself. */
  readonly labelsFile: string | undefined;
  /** Number of fresh samples at a mark, at most: a data set may not have so many rows left. */
  readonly freshSamples: number;
  readonly saveWeights: boolean;
  readonly spectra: boolean;
  /** Pictures of the Hessian at the marks of the first replicate. */
  readonly heatMaps: boolean;
  readonly seed: string;
  /** Where a task that was cut short goes on. */
  readonly state?: KeptTraining | undefined;
}

/** One look at a network that was trained elsewhere. */
export interface CheckpointTask {
  readonly kind: 'checkpoint';
  readonly step: number;
  readonly settings: DrawSettings;
  readonly labels: LabelRule;
  readonly files: CheckpointFiles;
  /** 0 without fresh data. */
  readonly freshSamples: number;
  readonly spectra: boolean;
  readonly heatMaps: boolean;
}

/** Paths of .npy files. */
export interface CheckpointFiles {
  readonly inputs: string;
  readonly labels: string;
  /** W, m×d; absent for a model without. */
  readonly hiddenLayer?: string | undefined;
  /** V, C×m or C×d. */
  readonly readout: string;
  readonly freshInputs?: string | undefined;
  readonly freshLabels?: string | undefined;
  /** Rows of length d that the labels depend on the inputs through. */
  readonly directions?: string | undefined;
}

export type TrainTask = TrainingTask | CheckpointTask;

/** What a training that is cut short has done. */
export interface KeptTraining {
  readonly training: TrainingState;
  readonly marks: readonly MarkObservation[];
  readonly weights: readonly MarkedWeights[];
  readonly heatMaps: readonly TrainHeatMap[];
}

export interface MarkedWeights extends Parameters {
  readonly step: number;
}

/** A file of one replicate's own. */
export interface TrainFile {
  readonly name: string;
  readonly shape: readonly number[];
  /** Until it is written; then there is its digest. */
  readonly data?: Float64Array;
  readonly digest?: string;
}

export interface TrainTaskResult {
  /** 0 for checkpoints: they are of one training. */
  readonly replicate: number;
  readonly marks: readonly MarkObservation[];
  readonly heatMaps: readonly TrainHeatMap[];
  /** Fresh samples that were there; 0 when there were none. */
  readonly freshSamples: number;
  /** Why training stopped before its end; the marks before it are good. */
  readonly diverged: string | null;
  readonly files: readonly TrainFile[];
}
