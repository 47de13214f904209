import type { DeepNetworkSettings, DrawnDeepNetwork } from './drawDeepNetwork.js';
import type { Products } from './products.js';

/** What the first units of a layer change in h_L, ∂h_L/∂h_{ℓ,i}. */
export interface UnitSignals {
  /** Rows of n_L, one a sample and unit at (n·units + i), or one a unit where samples do not differ. */
  readonly rows: Float64Array;
  /** Rows from one sample to the next: `units`, or 0. */
  readonly stride: number;
}

/**
 * ∂h_L/∂h_{ℓ,i} = G_L W_L … G_{ℓ+1} W_{ℓ+1} e_i for the first `units` units of layer ℓ (from 1) and all samples, G_k the
 * open gates.
 *
 * @param features h_0 … h_L
 */
export function unitSignals(
  { samples, widths }: DeepNetworkSettings,
  { layers }: DrawnDeepNetwork,
  features: readonly Float64Array[],
  { layer, units }: { readonly layer: number; readonly units: number },
  products: Products,
): UnitSignals {
  const depth = widths.length;
  const width = widths[layer - 1]!;
  if (layer === depth) {
    const rows = new Float64Array(units * width);
    for (let i = 0; i < units; i++) rows[i * width + i] = 1;
    return { rows, stride: 0 };
  }
  const above = widths[layer]!;
  const columns = layers[layer]!;
  const gates = features[layer + 1]!;
  let rows: Float64Array = new Float64Array(samples * units * above);
  for (let n = 0; n < samples; n++)
    for (let i = 0; i < units; i++)
      for (let m = 0; m < above; m++)
        if (gates[n * above + m]! > 0) rows[(n * units + i) * above + m] = columns[m * width + i]!;
  for (let k = layer + 2; k <= depth; k++) {
    const next = products.times(rows, layers[k - 1]!, widths[k - 2]!);
    const count = widths[k - 1]!;
    const open = features[k]!;
    for (let n = 0; n < samples; n++)
      for (let m = 0; m < count; m++)
        if (!(open[n * count + m]! > 0)) for (let i = 0; i < units; i++) next[(n * units + i) * count + m] = 0;
    rows = next;
  }
  return { rows, stride: units };
}
