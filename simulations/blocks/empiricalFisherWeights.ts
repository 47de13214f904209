import type { Draw } from '../network/model.js';
import { requireIndex } from '../network/requireIndex.js';
import { requireInputs } from '../network/requireInputs.js';

/**
 * The weights r_i r_j, r = ∂ℓ/∂f, of the block (1/N) Σ ∂ℓ_n/∂v_i (∂ℓ_n/∂v_j)ᵀ = (1/N) Σ r_i r_j x_n x_nᵀ of the empirical Fisher
 * matrix of the linear model, N values: p − e_y under cross-entropy, V x − e_y under squared error. Throws a UsageError for
 * indices out of range, and under squared error for a draw whose inputs are gone.
 */
export function empiricalFisherWeights(draw: Draw, i: number, j: number): Float64Array {
  const { samples, classes } = draw.settings;
  requireIndex('i', i, classes);
  requireIndex('j', j, classes);
  const first = residuals(draw, i);
  const second = i === j ? first : residuals(draw, j);
  const weights = new Float64Array(samples);
  for (let n = 0; n < samples; n++) weights[n] = first[n]! * second[n]!;
  return weights;
}

/** ∂ℓ/∂f_c of each sample. */
function residuals(draw: Draw, c: number): Float64Array {
  const { labels, settings } = draw;
  const outputs = settings.loss === 'ce' ? draw.statistics.probability(c) : outputsOf(draw, c);
  return outputs.map((value, n) => value - (labels[n] === c ? 1 : 0));
}

function outputsOf(draw: Draw, c: number): Float64Array {
  requireInputs(draw);
  const outputs = new Float64Array(draw.settings.samples);
  draw.workspace.project(draw.readout.rows([c]), 1, outputs);
  return outputs;
}
