import type { RowSource } from '../../../simulations/head/index.js';
import type { TiedFinding } from './headResult.js';

/**
 * Cosine of each feature with the row of V of its own token, where embedding and head are one matrix. At initialisation a cosine c
 * gives that token the logit c|h|√(τD) against log of a sum of about C e^{½τ|h|²(1 − c²)}: the head begins as a copier above about
 * c = ln C/(|h|√(τD)), with |h| in root mean square; ln C/(D√τ) for normalised features.
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
  let squares = 0;
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
    squares += own;
    cosines[n] = own === 0 || other === 0 ? 0 : product / Math.sqrt(own) / Math.sqrt(other);
  }
  const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length;
  const largest = cosines.reduce((a, b) => Math.max(a, b));
  const threshold = Math.log(rows.rows) / Math.sqrt((squares / tokens.length) * variance * dimension);
  return {
    cosine: { mean, least: cosines.reduce((a, b) => Math.min(a, b)), largest },
    threshold,
    isVoid: mean > threshold,
  };
}
