import type { Draw } from '../network/model.js';
import { requireInputs, requireReadoutOf } from '../network/requireInputs.js';
import { requireIndex } from '../network/requireIndex.js';

/**
 * The weights a_n of the hidden block ∂²L/∂w_i∂w_j = (1/N) Σ a_n x_n x_nᵀ, N values (paper-notes.md, blocks):
 *
 *   a_n = (v_{:i}ᵀ L v_{:j}) σ'(u_i) σ'(u_j) + δ_ij (Σ_c r_c v_ci) σ''(u_i),
 *
 * L the second derivative of the loss in the outputs, r its first derivative (the residual). For the cross-entropy the
 * first bracket is Cov_p(v_{:i}, v_{:j}) and Σ_c r_c v_ci = E_p[v_i] − v_{y,i}; for the squared error they are (VᵀV)_ij
 * and Σ_k h_k (VᵀV)_ki − v_{y,i}. Off the diagonal the cross-entropy's weights have both signs. Throws a UsageError for
 * the linear model and for indices out of range.
 */
export function hiddenBlockWeights(draw: Draw, i: number, j: number): Float64Array {
  requireReadoutOf('features', draw, 'hidden blocks');
  const { samples, width, loss } = draw.settings;
  requireIndex('i', i, width);
  requireIndex('j', j, width);
  const { slopes, activation, preactivations, statistics } = draw;
  const weights = new Float64Array(samples);
  const gram = loss === 'mse' ? statistics.readoutGram()[i * width + j]! : 0;
  const covariance = loss === 'ce' ? statistics.covariance(i, j) : undefined;
  for (let n = 0; n < samples; n++) {
    weights[n] = (covariance?.[n] ?? gram) * slopes[i * samples + n]! * slopes[j * samples + n]!;
  }
  if (i === j && activation.isCurved) {
    const curvature = new Float64Array(samples);
    activation.secondDerivative(preactivations.subarray(i * samples, (i + 1) * samples), curvature);
    const pull = residualReadout(draw, i);
    for (let n = 0; n < samples; n++) weights[n]! += pull[n]! * curvature[n]!;
  }
  return weights;
}

/** Σ_c r_c v_ci, N values: the derivative of the loss of each sample in h_i. */
function residualReadout(draw: Draw, i: number): Float64Array {
  const { samples, width, loss } = draw.settings;
  const { statistics, features } = draw;
  const ofLabel = statistics.labelReadout(i);
  const out = new Float64Array(samples);
  if (loss === 'ce') {
    const mean = statistics.mean(i);
    for (let n = 0; n < samples; n++) out[n] = mean[n]! - ofLabel[n]!;
    return out;
  }
  const gram = statistics.readoutGram();
  for (let k = 0; k < width; k++) {
    for (let n = 0; n < samples; n++) out[n]! += gram[k * width + i]! * features[k * samples + n]!;
  }
  for (let n = 0; n < samples; n++) out[n]! -= ofLabel[n]!;
  return out;
}

/** The hidden block itself, d×d, row-major, exactly symmetric. */
export function hiddenBlock(draw: Draw, i: number, j: number): Float64Array {
  requireInputs(draw);
  return draw.workspace.weightedGram(hiddenBlockWeights(draw, i, j));
}
