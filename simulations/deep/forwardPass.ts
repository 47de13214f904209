import type { DeepNetworkSettings, DrawnDeepNetwork } from './drawDeepNetwork.js';
import type { Products } from './products.js';

/** h_0 … h_L of every sample, N×n_k; a unit is open where its feature is above 0. */
export function featuresOf(
  { dimension, samples, widths }: DeepNetworkSettings,
  { inputs, layers }: DrawnDeepNetwork,
  products: Products,
): Float64Array[] {
  const features = [inputs];
  for (const [k, layer] of layers.entries()) {
    const columns = k === 0 ? dimension : widths[k - 1]!;
    const out = products.times(features[k]!, layer, columns);
    for (let n = 0; n < samples * widths[k]!; n++) out[n] = Math.max(0, out[n]!);
    features.push(out);
  }
  return features;
}
