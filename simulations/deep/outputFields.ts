import type { DeepNetworkSettings, DrawnDeepNetwork } from './drawDeepNetwork.js';
import type { Products } from './products.js';
import type { UnitSignals } from './unitSignals.js';

/** What the outputs of a draw give its blocks between layers. */
export interface Outputs {
  /** V, C×n_L. */
  readonly readout: Float64Array;
  /** p (cross-entropy), N×C; empty under squared error. */
  readonly shares: Float64Array;
  /** r = p − y or f − y, N×C. */
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
  const residuals = products.times(last, readout, width);
  if (loss === 'ce')
    for (let n = 0; n < samples; n++) {
      let total = 0;
      for (let k = n * classes; k < (n + 1) * classes; k++) total += residuals[k] = Math.exp(residuals[k]!);
      for (let k = n * classes; k < (n + 1) * classes; k++) residuals[k]! /= total;
    }
  const shares = loss === 'ce' ? residuals.slice() : new Float64Array(0);
  for (let n = 0; n < samples; n++) residuals[n * classes + labels[n]!]! -= 1;
  const pulled = products.times(residuals, transposed(readout, width), classes);
  return { readout, shares, residuals, pulled, products };
}

function transposed(matrix: Float64Array, columns: number): Float64Array {
  const rows = matrix.length / columns;
  const out = new Float64Array(matrix.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = matrix[r * columns + c]!;
  return out;
}

/**
 * b_iᵀΠb_j of units i and j of two layers, (i·units + j)×N, and b_jᵀr, units×N; 0 where one of the units is shut. The layer above may
 * be the readout (no signals): then b_j is the unit vector of class j.
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
  const lower = products.times(below.rows, readout, width);
  const upper = above === undefined ? identity(units, classes) : products.times(above.rows, readout, width);
  for (let n = 0; n < samples; n++) {
    const share = (c: number): number => (loss === 'ce' ? shares[n * classes + c]! : 1);
    for (let j = 0; j < units; j++) {
      const top = above === undefined ? j : above.places[n * units + j]!;
      if (top < 0) continue;
      residual[j * samples + n] =
        above === undefined ? residuals[n * classes + j]! : dotRows(above.rows, top, pulled, n, width);
      for (let i = 0; i < units; i++) {
        const bottom = below.places[n * units + i]!;
        if (bottom < 0) continue;
        let product = 0;
        let lowerMean = 0;
        let upperMean = 0;
        for (let c = 0; c < classes; c++) {
          const one = share(c) * lower[bottom * classes + c]!;
          const other = upper[top * classes + c]!;
          product += one * other;
          lowerMean += one;
          upperMean += share(c) * other;
        }
        curvature[(i * units + j) * samples + n] = loss === 'ce' ? product - lowerMean * upperMean : product;
      }
    }
  }
  return { curvature, residual };
}

/** Rows of the first classes' unit vectors. */
function identity(rows: number, classes: number): Float64Array {
  const out = new Float64Array(rows * classes);
  for (let j = 0; j < rows; j++) out[j * classes + j] = 1;
  return out;
}

function dotRows(a: Float64Array, row: number, b: Float64Array, other: number, columns: number): number {
  let sum = 0;
  for (let k = 0; k < columns; k++) sum += a[row * columns + k]! * b[other * columns + k]!;
  return sum;
}
