/**
 * (1/N) Σ a_n h_n h_nᵀ, row-major, exactly symmetric.
 * @param features h, order×N
 * @param weights a, N values
 */
export function featureGram(features: Float64Array, weights: Float64Array): Float64Array {
  const samples = weights.length;
  const order = features.length / samples;
  const gram = new Float64Array(order * order);
  for (let k = 0; k < order; k++) {
    for (let l = 0; l <= k; l++) {
      let sum = 0;
      for (let n = 0; n < samples; n++) sum += weights[n]! * features[k * samples + n]! * features[l * samples + n]!;
      gram[k * order + l] = sum / samples;
      gram[l * order + k] = sum / samples;
    }
  }
  return gram;
}
