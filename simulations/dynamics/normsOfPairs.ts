import type { Workspace } from '../contracts.js';
import type { BlockIndex } from '../network/classStatistics.js';

/** Lists of weights held at a time: enough to share the work on the samples, few beside the samples themselves. */
const listsHeld = 64;

/** ‖(1/N) Σ a_n x_n x_nᵀ‖² for each pair, a the weights of the pair. */
export function normsOfPairs(
  workspace: Workspace,
  pairs: readonly BlockIndex[],
  weights: (i: number, j: number) => Float64Array,
): Float64Array {
  const norms = new Float64Array(pairs.length);
  for (let first = 0; first < pairs.length; first += listsHeld) {
    const lists = pairs.slice(first, first + listsHeld).map(([i, j]) => weights(i, j));
    norms.set(workspace.squaredFrobeniusNorms(lists), first);
  }
  return norms;
}
