import type { RandomStream } from '../contracts.js';
import type { TokenFields } from './tokenFields.js';

/**
 * Σ_j H_ij = 0 for every row i, tried on a random vector u: the largest |Σ_j H_ij u| over the tokens, relative to the sum of the
 * magnitudes of its terms, Σ_n p_i |h_n·u| |h_n|. The diagonal block and the sum of the others, through Σ_j p_j as added up over
 * all classes, are taken apart.
 *
 * @param mass Σ_j p_j of each sample
 */
export function rowSumDefect(
  { tokens, samples, probabilities, weights }: TokenFields,
  features: Float64Array,
  mass: Float64Array,
  stream: RandomStream,
): number {
  const dimension = features.length / samples;
  const direction = new Float64Array(dimension);
  stream.fillNormals(direction);
  let worst = 0;
  tokens.forEach((_, i) => {
    const sum = new Float64Array(dimension);
    let scale = 0;
    for (let n = 0; n < samples; n += 1) {
      const h = features.subarray(n * dimension, (n + 1) * dimension);
      let [inner, length] = [0, 0];
      for (let k = 0; k < dimension; k += 1) {
        inner += h[k]! * direction[k]!;
        length += h[k]! * h[k]!;
      }
      const p = probabilities[i * samples + n]!;
      const others = p * (mass[n]! - p);
      const factor = (weights[i * samples + n]! - others) * inner;
      for (let k = 0; k < dimension; k += 1) sum[k]! += factor * h[k]!;
      scale += p * Math.abs(inner) * Math.sqrt(length);
    }
    if (scale > 0) worst = Math.max(worst, Math.sqrt(sum.reduce((all, value) => all + value * value, 0)) / scale);
  });
  return worst;
}
