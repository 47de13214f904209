import type { Draw } from '../network/model.js';
import { requireIndex } from '../network/requireIndex.js';

/**
 * The second derivative ∂²ℓ/∂f_i∂f_j of each sample's loss in two outputs, N values: p_i(δ_ij − p_j) for the
 * cross-entropy, δ_ij for the squared error.
 */
export function outputWeights(draw: Draw, i: number, j: number): Float64Array {
  const { samples, classes, loss } = draw.settings;
  requireIndex('i', i, classes);
  requireIndex('j', j, classes);
  const weights = new Float64Array(samples);
  if (loss === 'mse') return i === j ? weights.fill(1) : weights;
  const first = draw.statistics.probability(i);
  const second = draw.statistics.probability(j);
  const same = i === j ? 1 : 0;
  for (let n = 0; n < samples; n++) weights[n] = first[n]! * (same - second[n]!);
  return weights;
}
