import { featureLawTraits, type FeatureLawName } from '../../theory/names.js';
import type { RandomStream } from '../contracts.js';

export interface NamedFeatures {
  /** gaussian: N(0, Σ); rms: normal, then divided by its root mean square; relu: positive parts of N(0, I). */
  readonly features: FeatureLawName;
  /** Eigenvalues of Σ ∝ 1/k^exponent, of mean 1; 0 is the identity. */
  readonly exponent: number;
  readonly dimension: number;
  readonly samples: number;
}

/** Features of a head, N×D, one sample a row. */
export function namedFeatures(
  { features, exponent, dimension, samples }: NamedFeatures,
  stream: RandomStream,
): Float64Array {
  const out = new Float64Array(samples * dimension);
  stream.fillNormals(out);
  const { isRectified, isNormalised } = featureLawTraits[features];
  if (isRectified) return out.map((value) => Math.max(0, value));
  const powers = Float64Array.from({ length: dimension }, (_, k) => (k + 1) ** -exponent);
  const mean = powers.reduce((sum, power) => sum + power, 0) / dimension;
  for (let n = 0; n < samples; n++) {
    const row = out.subarray(n * dimension, (n + 1) * dimension);
    row.forEach((value, k) => (row[k] = value * Math.sqrt(powers[k]! / mean)));
    if (!isNormalised) continue;
    const rootMeanSquare = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0) / dimension);
    row.forEach((value, k) => (row[k] = value / rootMeanSquare));
  }
  return out;
}
