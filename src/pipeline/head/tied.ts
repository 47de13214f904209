import type { RowSource } from '../../../simulations/head/index.js';
import type { TiedFinding } from './headResult.js';

/**
 * Cosine of each feature with the row of V of its own token, where embedding and head are one matrix. At initialisation a cosine c
 * gives that token the probability 1/(1 + C e^{½τD(1 − c²) − cD√τ}): the head begins as a copier above about c = ln C/(D√τ).
 *
 * @param variance τ, mean of V²
 */
export function tiedFinding(
  features: Float64Array,
  tokens: Int32Array,
  rows: RowSource,
  variance: number,
): TiedFinding {
  const { dimension } = rows;
  const row = new Float64Array(dimension);
  const cosines = new Float64Array(tokens.length);
  // Ascending, for a matrix that lies in columns.
  const order = Array.from(tokens.keys()).sort((a, b) => tokens[a]! - tokens[b]!);
  for (const n of order) {
    rows.read(tokens[n]!, row);
    let [product, own, other] = [0, 0, 0];
    for (let i = 0; i < dimension; i++) {
      const feature = features[n * dimension + i]!;
      product += feature * row[i]!;
      own += feature * feature;
      other += row[i]! * row[i]!;
    }
    cosines[n] = own === 0 || other === 0 ? 0 : product / Math.sqrt(own) / Math.sqrt(other);
  }
  const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length;
  const largest = cosines.reduce((a, b) => Math.max(a, b));
  const threshold = Math.log(rows.rows) / (dimension * Math.sqrt(variance));
  return {
    cosine: { mean, least: cosines.reduce((a, b) => Math.min(a, b)), largest },
    threshold,
    isVoid: mean > threshold,
  };
}
