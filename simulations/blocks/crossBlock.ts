import type { Draw } from '../network/model.js';
import { requireInputs, requireReadoutOf } from '../network/requireInputs.js';
import { requireIndex } from '../network/requireIndex.js';

/** A cross-layer block and its two parts, each d×m, row-major. */
export interface CrossBlock {
  /** Proportional to the residual; zero outside column i. Its columns, over i, make the block-circulant pattern. */
  readonly residual: Float64Array;
  /** From the curvature of the loss in the outputs; all columns. */
  readonly curvature: Float64Array;
  readonly total: Float64Array;
}

/**
 * The cross-layer block ∂²L/∂w_i∂v_j of the hidden model (paper-notes.md, blocks):
 *
 *   (1/N) Σ_n σ'(u_i) x_n [ r_j e_i + (Σ_c v_ci ∂²ℓ/∂f_c∂f_j) h_n ]ᵀ,  r_j = ∂ℓ/∂f_j.
 *
 * Cross-entropy: r_j = p_j − 1(y = j), bracketed sum p_j (v_ji − E_p[v_i]). Squared error: r_j = f_j − 1(y = j), sum
 * v_ji. Throws a UsageError for the linear model, for indices out of range, and when the inputs are gone.
 */
export function crossBlock(draw: Draw, i: number, j: number): CrossBlock {
  requireReadoutOf('features', draw, 'cross-layer blocks');
  requireInputs(draw);
  const { samples, dimension, width } = draw.settings;
  requireIndex('i', i, width);
  requireIndex('j', j, draw.settings.classes);
  const { inputs } = draw.workspace;
  const { slopes, features } = draw;
  const pull = outputResidual(draw, j);
  const bend = mixedCurvature(draw, i, j);
  const residual = new Float64Array(dimension * width);
  const curvature = new Float64Array(dimension * width);
  const row = new Float64Array(width);
  for (let n = 0; n < samples; n++) {
    const slope = slopes[i * samples + n]! / samples;
    if (slope === 0) continue;
    const residualPart = slope * pull[n]!;
    for (let k = 0; k < width; k++) row[k] = slope * bend[n]! * features[k * samples + n]!;
    for (let a = 0; a < dimension; a++) {
      const x = inputs[n * dimension + a]!;
      residual[a * width + i]! += residualPart * x;
      for (let k = 0; k < width; k++) curvature[a * width + k]! += x * row[k]!;
    }
  }
  return { residual, curvature, total: curvature.map((value, index) => value + residual[index]!) };
}

/** r_j = ∂ℓ/∂f_j, N values. */
export function outputResidual(draw: Draw, j: number): Float64Array {
  const { statistics, labels, settings } = draw;
  const output = settings.loss === 'ce' ? statistics.probability(j) : statistics.logit(j);
  return output.map((value, n) => value - (labels[n] === j ? 1 : 0));
}

/** Σ_c v_ci ∂²ℓ/∂f_c∂f_j, N values. */
export function mixedCurvature(draw: Draw, i: number, j: number): Float64Array {
  const { statistics, settings } = draw;
  const entry = statistics.readoutRow(j)[i]!;
  if (settings.loss === 'mse') return new Float64Array(settings.samples).fill(entry);
  const mean = statistics.mean(i);
  return statistics.probability(j).map((p, n) => p * (entry - mean[n]!));
}
