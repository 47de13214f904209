import type { Draw } from '../network/model.js';
import { requireReadoutOf } from '../network/requireInputs.js';
import { featureGram } from './featureGram.js';
import { outputWeights } from './outputWeights.js';

/**
 * The output block ∂²L/∂v_i∂v_j = (1/N) Σ a_n h_n h_nᵀ of a model with hidden units, m×m for the m below V, row-major, exactly symmetric, with a_n
 * = p_i(δ_ij − p_j) for the cross-entropy and δ_ij for the squared error (paper-notes.md, blocks). Needs no inputs.
 * Throws a UsageError for the linear model and for indices out of range.
 */
export function outputBlock(draw: Draw, i: number, j: number): Float64Array {
  requireReadoutOf('features', draw, 'output blocks');
  return featureGram(draw.features, outputWeights(draw, i, j));
}
