import type { Products } from './products.js';
import type { UnitSignals } from './unitSignals.js';

/** Place of a pair i ≥ j among the fields of all pairs. */
export const placeOf = (i: number, j: number): number => (i * (i + 1)) / 2 + j;

export const pairCount = (units: number): number => placeOf(units, 0);

/** VᵀV of V, rows × width. */
export function gramOfColumns(readout: Float64Array, width: number, products: Products): Float64Array {
  const rows = readout.length / width;
  const columns = new Float64Array(readout.length);
  for (let c = 0; c < rows; c++) for (let m = 0; m < width; m++) columns[m * rows + c] = readout[c * width + m]!;
  return products.times(columns, columns, rows);
}

/**
 * b_iᵀb_j of every sample, pairs×N, b_i = V s_i: as s_iᵀ(VᵀV)s_j, where C stands in the one product VᵀV alone.
 *
 * @param gram VᵀV
 */
export function squaredErrorFields(
  gram: Float64Array,
  { rows, stride }: UnitSignals,
  { units, samples }: { readonly units: number; readonly samples: number },
  products: Products,
): Float64Array {
  const width = Math.sqrt(gram.length);
  const applied = products.times(rows, gram, width);
  const fields = new Float64Array(pairCount(units) * samples);
  for (let n = 0; n < samples; n++)
    for (let i = 0; i < units; i++) {
      const own = (n * stride + i) * width;
      for (let j = 0; j <= i; j++) {
        const other = (n * stride + j) * width;
        // Millions of them: views of rows would take longer than the sums.
        let sum = 0;
        for (let m = 0; m < width; m++) sum += rows[own + m]! * applied[other + m]!;
        fields[placeOf(i, j) * samples + n] = sum;
      }
    }
  return fields;
}
