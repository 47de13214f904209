import type { DeepNetworkSettings, DrawnDeepNetwork } from './drawDeepNetwork.js';
import type { Products } from './products.js';
import type { UnitSignals } from './unitSignals.js';

/** What the outputs of a draw give its blocks between layers. */
export interface Outputs {
  /** V, C×n_L. */
  readonly readout: Float64Array;
  /** p (cross-entropy), C×N; empty under squared error. */
  readonly shares: Float64Array;
  /** r = p − y or f − y, C×N. */
  readonly residuals: Float64Array;
  /** Vᵀr, N×n_L. */
  readonly pulled: Float64Array;
  readonly products: Products;
}

export function outputsOf(
  { samples, loss, classes, widths }: DeepNetworkSettings,
  { readout }: DrawnDeepNetwork,
  last: Float64Array,
  labels: Int32Array,
  products: Products,
): Outputs {
  const width = widths.at(-1)!;
  const residuals = products.times(readout, last, width);
  if (loss === 'ce') {
    const totals = new Float64Array(samples);
    for (let k = 0; k < residuals.length; k++) totals[k % samples]! += residuals[k] = Math.exp(residuals[k]!);
    for (let k = 0; k < residuals.length; k++) residuals[k]! /= totals[k % samples]!;
  }
  const shares = loss === 'ce' ? residuals.slice() : new Float64Array(0);
  for (let n = 0; n < samples; n++) residuals[labels[n]! * samples + n]! -= 1;
  const pulled = products.times(transposed(residuals, samples), transposed(readout, width), classes);
  return { readout, shares, residuals, pulled, products };
}

function transposed(matrix: Float64Array, columns: number): Float64Array {
  const rows = matrix.length / columns;
  const out = new Float64Array(matrix.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = matrix[r * columns + c]!;
  return out;
}

/**
 * b_iᵀΠb_j of units i and j of two layers, (i·units + j)×N, and b_jᵀr, units×N, without gates. The layer above may be the readout
 * (no signals): then b_j is the unit vector of class j.
 */
export function curvatureFields(
  { samples, classes, widths, loss }: DeepNetworkSettings,
  { readout, shares, residuals, pulled, products }: Outputs,
  below: UnitSignals,
  above: UnitSignals | undefined,
  units: number,
): { readonly curvature: Float64Array; readonly residual: Float64Array } {
  const width = widths.at(-1)!;
  const curvature = new Float64Array(units * units * samples);
  const residual = new Float64Array(units * samples);
  const lower = products.times(readout, below.rows, width);
  const upper = above === undefined ? undefined : products.times(readout, above.rows, width);
  const [lowerRows, upperRows] = [below.rows.length / width, (above?.rows.length ?? 0) / width];
  for (let n = 0; n < samples; n++) {
    for (let j = 0; j < units; j++) {
      const at = (c: number): number =>
        upper === undefined ? (c === j ? 1 : 0) : upper[c * upperRows + n * above!.stride + j]!;
      residual[j * samples + n] =
        above === undefined ? residuals[j * samples + n]! : dotRows(above.rows, n * above.stride + j, pulled, n, width);
      for (let i = 0; i < units; i++) {
        const from = n * below.stride + i;
        let product = 0;
        let lowerMean = 0;
        let upperMean = 0;
        for (let c = 0; c < classes; c++) {
          const one = lower[c * lowerRows + from]!;
          const other = at(c);
          const share = loss === 'ce' ? shares[c * samples + n]! : 1;
          product += share * one * other;
          lowerMean += share * one;
          upperMean += share * other;
        }
        curvature[(i * units + j) * samples + n] = loss === 'ce' ? product - lowerMean * upperMean : product;
      }
    }
  }
  return { curvature, residual };
}

function dotRows(a: Float64Array, row: number, b: Float64Array, other: number, columns: number): number {
  let sum = 0;
  for (let k = 0; k < columns; k++) sum += a[row * columns + k]! * b[other * columns + k]!;
  return sum;
}
