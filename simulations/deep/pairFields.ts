import type { DeepNetworkSettings, DrawnDeepNetwork } from './drawDeepNetwork.js';
import type { Products } from './products.js';
import type { UnitSignals } from './unitSignals.js';

/** Place of a pair i ≥ j among the fields of all pairs. */
export const placeOf = (i: number, j: number): number => (i * (i + 1)) / 2 + j;

export const pairCount = (units: number): number => placeOf(units, 0);

/** Rows of V at a time, under cross-entropy. */
export const tileRows = 512;

/**
 * b_iᵀΠb_j of every sample, pairs×N for each layer, b_i = V s_i with the signals s_i; 0 where one of the units is shut.
 *
 * @param features h_L
 * @param layers the first `units` units of each
 */
export function pairFields(
  settings: DeepNetworkSettings,
  network: DrawnDeepNetwork,
  features: Float64Array,
  layers: readonly UnitSignals[],
  units: number,
  products: Products,
): Float64Array[] {
  const fieldsOf = settings.loss === 'mse' ? squaredErrorFields : softmaxFields;
  return fieldsOf(settings, network, features, layers, units, products);
}

/** Π = I: s_iᵀ(VᵀV)s_j, where C stands in the one product VᵀV alone. */
const squaredErrorFields: typeof pairFields = ({ samples }, { readout }, features, layers, units, products) => {
  const width = features.length / samples;
  const gram = gramOfColumns(readout, width, products);
  return layers.map(({ rows, places }) => {
    const applied = products.times(rows, gram, width);
    const fields = new Float64Array(pairCount(units) * samples);
    for (let n = 0; n < samples; n++)
      for (let i = 0; i < units; i++) {
        const own = places[n * units + i]!;
        for (let j = 0; own >= 0 && j <= i; j++) {
          const other = places[n * units + j]!;
          if (other >= 0)
            fields[placeOf(i, j) * samples + n] = productOf(rows, own * width, applied, other * width, width);
        }
      }
    return fields;
  });
};

/** VᵀV. */
function gramOfColumns(readout: Float64Array, width: number, products: Products): Float64Array {
  const rows = readout.length / width;
  const columns = new Float64Array(readout.length);
  for (let c = 0; c < rows; c++) for (let m = 0; m < width; m++) columns[m * rows + c] = readout[c * width + m]!;
  return products.times(columns, columns, rows);
}

/** Π = diag p − ppᵀ: sums over classes of e^f b_i b_j, e^f b_i and e^f, while tiles of V go by once for all layers. */
const softmaxFields: typeof pairFields = ({ samples }, { readout }, features, layers, units, products) => {
  const width = features.length / samples;
  const totals = new Float64Array(samples);
  const sums = layers.map(() => ({
    pairs: new Float64Array(pairCount(units) * samples),
    means: new Float64Array(units * samples),
  }));
  for (let start = 0; start < readout.length; start += tileRows * width) {
    const tile = readout.subarray(start, start + tileRows * width);
    const classes = tile.length / width;
    // Logits at initialisation are of order 1: no exponential overflows.
    const weights = products.times(features, tile, width).map(Math.exp);
    for (let n = 0; n < samples; n++) for (let c = 0; c < classes; c++) totals[n]! += weights[n * classes + c]!;
    layers.forEach(({ rows, places }, k) => {
      const changes = products.times(rows, tile, width);
      const { pairs, means } = sums[k]!;
      const weighted = new Float64Array(classes);
      for (let n = 0; n < samples; n++)
        for (let i = 0; i < units; i++) {
          const own = places[n * units + i]!;
          if (own < 0) continue;
          let mean = 0;
          for (let c = 0; c < classes; c++)
            mean += weighted[c] = weights[n * classes + c]! * changes[own * classes + c]!;
          means[i * samples + n]! += mean;
          for (let j = 0; j <= i; j++) {
            const other = places[n * units + j]!;
            if (other >= 0)
              pairs[placeOf(i, j) * samples + n]! += productOf(weighted, 0, changes, other * classes, classes);
          }
        }
    });
  }
  for (const { pairs, means } of sums)
    for (let i = 0; i < units; i++)
      for (let j = 0; j <= i; j++)
        for (let n = 0; n < samples; n++) {
          const at = placeOf(i, j) * samples + n;
          pairs[at] = pairs[at]! / totals[n]! - (means[i * samples + n]! * means[j * samples + n]!) / totals[n]! ** 2;
        }
  return sums.map(({ pairs }) => pairs);
};

/** Sum over rows that begin at these places. Millions of them: views would take longer than the sums. */
function productOf(a: Float64Array, from: number, b: Float64Array, at: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += a[from + k]! * b[at + k]!;
  return sum;
}
