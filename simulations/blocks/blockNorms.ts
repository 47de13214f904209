import type { Backend } from '../contracts.js';
import type { Draw } from '../network/model.js';
import { requireInputs, requireReadoutOf } from '../network/requireInputs.js';
import { orderedPairs } from '../network/classStatistics.js';
import { hiddenBlockWeights } from './hiddenBlock.js';
import { outputBlock } from './outputBlock.js';
import { forEachOutputPair } from './outputTiles.js';

/** Frobenius norms of all blocks (w_i, w_j) of the hidden model, m×m, row-major, symmetric. */
export function hiddenBlockNorms(draw: Draw): Float64Array {
  requireReadoutOf('features', draw, 'hidden blocks');
  requireInputs(draw);
  const { width } = draw.settings;
  const pairs = orderedPairs(width);
  draw.statistics.prepare({ hidden: pairs });
  const norms = new Float64Array(width * width);
  for (const [i, j] of pairs) {
    const norm = Math.sqrt(draw.workspace.squaredFrobeniusNorm(hiddenBlockWeights(draw, i, j)));
    norms[i * width + j] = norm;
    norms[j * width + i] = norm;
  }
  return norms;
}

/**
 * Frobenius norms of all blocks (v_i, v_j) of the hidden model, C×C, row-major, symmetric. Holds N×C numbers; needs no
 * inputs.
 */
export function outputBlockNorms(draw: Draw, backend: Backend): Float64Array {
  requireReadoutOf('features', draw, 'output blocks');
  const { classes, loss } = draw.settings;
  const norms = new Float64Array(classes * classes);
  if (loss === 'mse') {
    const norm = Math.sqrt(outputBlock(draw, 0, 0).reduce((sum, entry) => sum + entry * entry, 0));
    for (let i = 0; i < classes; i++) norms[i * classes + i] = norm;
    return norms;
  }
  forEachOutputPair(draw, backend, (k, l, entries) => {
    const count = k === l ? 1 : 2;
    for (let e = 0; e < entries.length; e++) norms[e]! += count * entries[e]! ** 2;
  });
  return norms.map(Math.sqrt);
}
