import type { DeepNetworkSettings, DrawnDeepNetwork } from './drawDeepNetwork.js';
import type { Products } from './products.js';

/** What the first units of a layer change in h_L, ∂h_L/∂h_{ℓ,i}, where they are open: nothing else of them enters a block. */
export interface UnitSignals {
  /** Rows of n_L: one for each open unit of a sample, or one a unit where samples do not differ. */
  readonly rows: Float64Array;
  /** Number of the row of unit i for sample n, at n·units + i; −1 where it is shut. */
  readonly places: Int32Array;
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
  const own = features[layer]!;
  const places = new Int32Array(samples * units).fill(-1);
  let count = 0;
  for (let n = 0; n < samples; n++)
    for (let i = 0; i < units; i++) if (own[n * width + i]! > 0) places[n * units + i] = layer === depth ? i : count++;
  if (layer === depth) {
    const rows = new Float64Array(units * width);
    for (let i = 0; i < units; i++) rows[i * width + i] = 1;
    return { rows, places };
  }
  const above = widths[layer]!;
  const columns = layers[layer]!;
  const gates = features[layer + 1]!;
  let rows: Float64Array = new Float64Array(count * above);
  for (let n = 0; n < samples; n++)
    for (let i = 0; i < units; i++) {
      const place = places[n * units + i]!;
      if (place < 0) continue;
      for (let m = 0; m < above; m++) if (gates[n * above + m]! > 0) rows[place * above + m] = columns[m * width + i]!;
    }
  for (let k = layer + 2; k <= depth; k++) {
    const next = products.times(rows, layers[k - 1]!, widths[k - 2]!);
    const size = widths[k - 1]!;
    const open = features[k]!;
    for (let n = 0; n < samples; n++)
      for (let i = 0; i < units; i++) {
        const place = places[n * units + i]!;
        if (place < 0) continue;
        for (let m = 0; m < size; m++) if (!(open[n * size + m]! > 0)) next[place * size + m] = 0;
      }
    rows = next;
  }
  return { rows, places };
}
