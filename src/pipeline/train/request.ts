/** What is asked of a training, in words and as plain data. Types only. */
import type { CheckpointTask, TrainingTask } from '../../draws/train/trainContract.js';
import type { TrainResult } from '../../../figures/trainResult.js';

/** Options of the command line, as they were given. */
export interface TrainWords {
  /** Path of a specification. */
  readonly spec?: string | undefined;
  /** Before that of the specification; '1' when neither has one. */
  readonly seed?: string | undefined;
  /** A folder of checkpoints. */
  readonly checkpoints?: string | undefined;
  /** By the names of `trainFields`, and `directions`. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

export interface TrainRequest {
  /** What results say of the run. */
  readonly about: Pick<TrainResult, 'title' | 'seed' | 'settings' | 'plan' | 'labels' | 'inputs' | 'replicates'>;
  /** Every replicate does the same with streams of its own; null where networks were trained elsewhere. */
  readonly training: Omit<TrainingTask, 'replicate'> | null;
  readonly checkpoints: readonly CheckpointTask[];
  /** Paths that the results depend on the contents of. */
  readonly files: readonly string[];
}
