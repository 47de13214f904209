import type { DrawSettings } from '../../../simulations/contracts.js';

/** What is drawn for a task. */
export interface ExperimentTask {
  /** Names the experiment; its draws share no randomness with those of any other. */
  readonly experiment: string;
  readonly settings: DrawSettings;
  readonly seed: string;
  readonly replicate: number;
}
