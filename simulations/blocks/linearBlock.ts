import type { Draw } from '../network/model.js';
import { requireInputs, requireReadoutOf } from '../network/requireInputs.js';
import { empiricalFisherWeights } from './empiricalFisherWeights.js';
import { outputWeights } from './outputWeights.js';

/**
 * The weights a_n of the linear model's block ∂²L/∂v_i∂v_j = (1/N) Σ a_n x_n x_nᵀ, N values (paper-notes.md, blocks):
 * p_i(δ_ij − p_j) for the cross-entropy, δ_ij for the squared error; or those of the empirical Fisher matrix. Throws a UsageError for the hidden model and for
 * indices out of range.
 */
export function linearBlockWeights(draw: Draw, i: number, j: number): Float64Array {
  requireReadoutOf('inputs', draw, 'linear blocks');
  return (draw.settings.curvature === 'empirical-fisher' ? empiricalFisherWeights : outputWeights)(draw, i, j);
}

/** The linear block itself, d×d, row-major, exactly symmetric. */
export function linearBlock(draw: Draw, i: number, j: number): Float64Array {
  requireInputs(draw);
  return draw.workspace.weightedGram(linearBlockWeights(draw, i, j));
}
