import type { ProjectionBasis } from '../blocks/index.js';
import type { Backend, Parameters } from '../contracts.js';
import { largestMagnitude } from '../linalg/scaling.js';
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
  /** Roundings on the way from the data to an entry of a block or a gradient. */
  readonly operations: number;
}

/**
 * Roundings on the way from the data to an entry of a block or a gradient: sums over samples, classes and inputs, and
 * probabilities, whose relative error is the error of an output, a product over k features of size at most ‖v_c‖‖h_n‖.
 */
export function countOperations(draw: Draw, readout: Float64Array): number {
  const { model, settings, features, workspace } = draw;
  const { samples, classes, dimension } = settings;
  const units = model.units(settings);
  const count = units === 0 ? dimension : units;
  const ofReadout = longestOf(readout, classes, (entry) => Math.floor(entry / count));
  const ofFeatures =
    units === 0
      ? longestOf(workspace.inputs, samples, (entry) => Math.floor(entry / dimension))
      : longestOf(features, samples, (entry) => entry % samples);
  return samples + classes + dimension + 8 + (count + 4) * ofReadout * ofFeatures;
}

/** The largest length of the `count` vectors that the entries of a table belong to. */
function longestOf(table: Float64Array, count: number, vectorOf: (entry: number) => number): number {
  const squares = new Float64Array(count);
  table.forEach((value, entry) => (squares[vectorOf(entry)]! += value * value));
  return Math.sqrt(largestMagnitude(squares));
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
