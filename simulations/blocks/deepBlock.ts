import type { Draw } from '../network/model.js';
import { requireInputs } from '../network/requireInputs.js';
import { derivativesOf, type UnitResponse } from './deepDerivatives.js';
import { featureGram } from './featureGram.js';

/**
 * The weights a_n of the block ∂²L/∂w_i∂w_j = (1/N) Σ a_n h_{ℓ−1} h_{ℓ−1}ᵀ of two rows of W_ℓ, N values: the second
 * derivative of each sample's loss in the pre-activations i and j of layer ℓ. That is b_iᵀ Π b_j σ′(u_i) σ′(u_j),
 * b_i = ∂f/∂h_{ℓ,i}, for units without curvature.
 * @param layer ℓ, from 1
 */
export function deepBlockWeights(draw: Draw, layer: number, i: number, j: number): Float64Array {
  return rowOf(derivativesOf(draw).response(layer, i).gradients[layer]!, j, draw);
}

/** The block itself, n_{ℓ−1}×n_{ℓ−1}, row-major, exactly symmetric. */
export function deepBlock(draw: Draw, layer: number, i: number, j: number): Float64Array {
  const weights = deepBlockWeights(draw, layer, i, j);
  if (layer > 1) return featureGram(derivativesOf(draw).features(layer - 1), weights);
  requireInputs(draw);
  return draw.workspace.weightedGram(weights);
}

/** Rows i and j of two different layers, the lower first, from 1; L + 1 is the readout. */
export interface DeepCrossing {
  readonly lower: number;
  readonly upper: number;
}

/**
 * The block ∂²L/∂w_i∂w_j of row i of W_ℓ and row j of W_m, ℓ < m (W_{L+1} = V), n_{ℓ−1}×n_{m−1}, row-major:
 *
 *   (1/N) Σ_n h_{ℓ−1} [ ∂²loss/∂u_{ℓ,i}∂u_{m,j} h_{m−1} + ∂loss/∂u_{m,j} ∂h_{m−1}/∂u_{ℓ,i} ]ᵀ.
 *
 * The second part carries the residual.
 */
export function deepCrossBlock(draw: Draw, { lower, upper }: DeepCrossing, i: number, j: number): Float64Array {
  const { samples } = draw.settings;
  const left = derivativesOf(draw).features(lower - 1);
  const right = crossFactor(draw, { lower, upper }, i, j);
  const [rows, columns] = [left.length / samples, right.length / samples];
  const block = new Float64Array(rows * columns);
  for (let a = 0; a < rows; a++)
    for (let b = 0; b < columns; b++) {
      let sum = 0;
      for (let n = 0; n < samples; n++) sum += left[a * samples + n]! * right[b * samples + n]!;
      block[a * columns + b] = sum;
    }
  return block;
}

/** 1/N of what stands in brackets above, n_{m−1}×N. */
export function crossFactor(draw: Draw, { lower, upper }: DeepCrossing, i: number, j: number): Float64Array {
  const derivatives = derivativesOf(draw);
  const { samples } = draw.settings;
  const response = derivatives.response(lower, i);
  const bend = secondDerivative(draw, response, upper, j);
  const pull = derivatives.gradient(upper, j);
  const features = derivatives.features(upper - 1);
  const changes = response.features[upper - 1]!;
  const out = new Float64Array(features.length);
  for (let start = 0; start < out.length; start += samples)
    for (let n = 0; n < samples; n++)
      out[start + n] = (bend[n]! * features[start + n]! + pull[n]! * changes[start + n]!) / samples;
  return out;
}

function secondDerivative(draw: Draw, response: UnitResponse, upper: number, j: number): Float64Array {
  const gradients = response.gradients[upper];
  return gradients === undefined ? response.ofOutput(j) : rowOf(gradients, j, draw);
}

function rowOf(field: Float64Array, j: number, { settings: { samples } }: Draw): Float64Array {
  return field.subarray(j * samples, (j + 1) * samples);
}
