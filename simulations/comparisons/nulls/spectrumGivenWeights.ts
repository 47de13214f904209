import type { RandomStream, Workspace } from '../../contracts.js';
import { whiteSpectrum } from './whiteSpectrum.js';

/**
 * Ascending eigenvalues of one draw of (1/N) Σ a_n x_n x_nᵀ, x_n independent N(0, I_d), given the N weights of the
 * workspace's samples. Where k weights are equal to a and the others 0 (squared error: gates that are open or closed) it
 * is a k/N times a white spectrum of k samples, which costs O(d²) and needs no matrix; its inputs are then not drawn.
 */
export function spectrumGivenWeights(workspace: Workspace, weights: Float64Array, stream: RandomStream): Float64Array {
  const open = equalWeights(weights);
  if (open === undefined) {
    workspace.drawInputs(stream);
    return workspace.eigenvalues(weights).slice();
  }
  const scale = (open.value * open.count) / weights.length;
  return whiteSpectrum(stream, workspace.dimension, open.count)
    .map((value) => scale * value)
    .sort();
}

/** The value of all weights that are not 0, and their number; `undefined` where they differ or there are none. */
function equalWeights(weights: Float64Array): { readonly value: number; readonly count: number } | undefined {
  let value = 0;
  let count = 0;
  for (const weight of weights) {
    if (weight === 0) continue;
    if (count === 0) value = weight;
    else if (weight !== value) return undefined;
    count++;
  }
  return count === 0 ? undefined : { value, count };
}
