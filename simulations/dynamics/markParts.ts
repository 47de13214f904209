import type { ProjectionBasis } from '../blocks/index.js';
import type { Backend, Parameters } from '../contracts.js';
import type { Draw } from '../network/model.js';
import type { SampleOutputs } from './sampleOutputs.js';

/** What every observation at a mark starts from. */
export interface MarkParts {
  /** The network, with the data in its workspace. */
  readonly draw: Draw;
  readonly backend: Backend;
  readonly outputs: SampleOutputs;
  /** ∂L/∂θ by back-propagation, which knows nothing of the sums S_i whose contractions it must be. */
  readonly gradient: Parameters;
  /** Of the directions through which residuals and weights see the inputs. */
  readonly basis: ProjectionBasis;
  /** V. */
  readonly readout: Float64Array;
}

/**
 * Roundings on the way from the data to an entry of a block or a gradient: sums over samples, classes and inputs, and
 * probabilities, whose relative error is that of an output.
 */
export function operationsOf({ draw, outputs }: MarkParts): number {
  const { samples, classes, dimension } = draw.settings;
  return samples + classes + dimension + 2 * outputs.largestOutput + 8;
}

/** Sizes of a unit's sums, for allowances of rounding. */
export interface UnitSizes {
  /** (1/N) Σ σ′(u)²‖x‖². */
  readonly inputPower: number;
  /** (1/N) Σ‖r_n‖² over the samples where σ′(u_n) ≠ 0. */
  readonly liveResidualPower: number;
}

/** What a unit's S_i makes of its own weights: by the exact statements, the gradient. */
export interface UnitContractions extends UnitSizes {
  /** S_i v_i, d values. */
  readonly withReadout: Float64Array;
  /** S_iᵀ w_i, C values. */
  readonly withWeights: Float64Array;
}
