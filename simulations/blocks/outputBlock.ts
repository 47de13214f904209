import type { Draw } from '../network/model.js';
import { requireReadoutOf } from '../network/requireInputs.js';
import { outputWeights } from './outputWeights.js';

/**
 * The output block ∂²L/∂v_i∂v_j = (1/N) Σ a_n h_n h_nᵀ of the hidden model, m×m, row-major, exactly symmetric, with a_n
 * = p_i(δ_ij − p_j) for the cross-entropy and δ_ij for the squared error (paper-notes.md, blocks). Needs no inputs.
 * Throws a UsageError for the linear model and for indices out of range.
 */
export function outputBlock(draw: Draw, i: number, j: number): Float64Array {
  requireReadoutOf('features', draw, 'output blocks');
  const { samples, width } = draw.settings;
  const weights = outputWeights(draw, i, j);
  const block = new Float64Array(width * width);
  for (let k = 0; k < width; k++) {
    for (let l = 0; l <= k; l++) {
      let sum = 0;
      for (let n = 0; n < samples; n++)
        sum += weights[n]! * draw.features[k * samples + n]! * draw.features[l * samples + n]!;
      block[k * width + l] = sum / samples;
      block[l * width + k] = sum / samples;
    }
  }
  return block;
}
