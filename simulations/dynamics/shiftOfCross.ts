import { rowOf, sumOfSquares } from '../linalg/vectors.js';
import type { ExactStatement } from './contract.js';
import type { MarkParts, UnitSizes } from './markParts.js';
import { equal, roundingOf } from './statement.js';

/** What sees sums over the classes of columns of the cross-layer blocks, as they are formed. */
export type ShiftOfCross = (i: number, k: number, column: Float64Array, sizes: UnitSizes) => ExactStatement;

/**
 * E3, at any size, under the cross-entropy: the entries of H(1_C ⊗ e_k) in the rows of w_i, Σ_j of column k of blocks
 * (w_i, v_j), are 0, since Σ_j q_ij = 0 and Σ_j r_j = 0. `column` holds them, C×d, both parts where k = i.
 *
 * Rounding: a sum over samples and classes of terms σ′ x h_k q_ij with Σ_j |q_ij| ≤ 2 max_c |v_ci|, and σ′ x r_j with
 * Σ_j |r_j| ≤ 2.
 */
export function createShiftOfCross(parts: MarkParts): ShiftOfCross {
  const { draw, readout } = parts;
  const { width, samples, classes, dimension } = draw.settings;
  const operations = 2 * parts.operations;
  return (unit, k, column, { inputPower }) => {
    const sum = new Float64Array(dimension);
    let largest = 0;
    for (let c = 0; c < classes; c++) {
      largest = Math.max(largest, Math.abs(readout[c * width + unit]!));
      for (let a = 0; a < dimension; a++) sum[a]! += column[c * dimension + a]!;
    }
    const features = rowOf(draw.features, k, samples);
    const pull = largest * featureSize(features, rowOf(draw.slopes, unit, samples)) + (k === unit ? 1 : 0);
    const scale = Math.sqrt(classes * sumOfSquares(column));
    const rounding = roundingOf(operations, 2 * Math.sqrt(inputPower) * pull);
    return equal({ id: 'E3-shift-cross', unit, left: Math.sqrt(sumOfSquares(sum)), right: 0, scale, rounding });
  };
}

/** √((1/N) Σ h²) over the samples with a slope. */
function featureSize(features: Float64Array, slopes: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < features.length; n++) if (slopes[n] !== 0) sum += features[n]! ** 2;
  return Math.sqrt(sum / features.length);
}
