import { UsageError } from '../errors.js';
import { featureLaws, featureLawTraits, type FeatureLawName } from '../names.js';
import { requirePositive, requirePositiveInteger, requireWord } from '../requirements.js';

/**
 * Features of a head by name, independent of each other and of V. With Σ the covariance of a normal vector, of trace D:
 *
 * - gaussian: h ~ N(0, Σ).
 * - rms: h = √D x/|x|, x ~ N(0, Σ): a root-mean-square norm without gain.
 * - relu: h = max(u, 0), u ~ N(0, I): a wide layer before the head; |h|² is about D/2.
 */
export interface FeatureLaw {
  readonly features: FeatureLawName;
  /** D, at least 2, or Infinity. */
  readonly dimension: number;
  /**
   * Covariance of x: eigenvalues at least 0, as many as the dimension, scaled here to mean 1; or the exponent a ≥ 0 of
   * a power law, the k-th ∝ k^{−a}. Default the identity. None for relu.
   */
  readonly covariance?: ArrayLike<number> | { readonly exponent: number };
  /** τD: variance of a logit for |h|² = D. */
  readonly logitVariance: number;
}

/** Exponent of the covariance's power law; 0 for the identity, undefined for eigenvalues. */
export function covarianceExponent({ covariance }: FeatureLaw): number | undefined {
  if (covariance === undefined) return 0;
  return 'exponent' in covariance ? covariance.exponent : undefined;
}

/** D eigenvalues of mean 1. */
export function covarianceEigenvalues(law: FeatureLaw): Float64Array {
  const { dimension, covariance } = law;
  const exponent = covarianceExponent(law);
  const raw =
    exponent === undefined
      ? Float64Array.from(covariance as ArrayLike<number>)
      : Float64Array.from({ length: dimension }, (_, k) => (k + 1) ** -exponent);
  const mean = raw.reduce((sum, value) => sum + value, 0) / dimension;
  return raw.map((value) => value / mean);
}

/** @throws UsageError for a law that is none, naming the caller. */
export function requireFeatureLaw(caller: string, law: FeatureLaw): void {
  const { features, dimension, covariance, logitVariance } = law;
  requireWord(caller, 'features', features, featureLaws);
  if (dimension !== Infinity) requirePositiveInteger(caller, 'dimension', dimension);
  if (dimension < 2) throw new UsageError(`${caller}: dimension must be at least 2, got ${dimension}`);
  requirePositive(caller, 'logitVariance', logitVariance);
  if (covariance === undefined) return;
  if (featureLawTraits[features].isRectified)
    throw new UsageError(`${caller}: ${features} features come from N(0, I) and take no covariance; leave it out`);
  if ('exponent' in covariance) {
    if (!(covariance.exponent >= 0 && covariance.exponent <= 10))
      throw new UsageError(`${caller}: exponent of the covariance must lie in [0, 10], got ${covariance.exponent}`);
    return;
  }
  if (covariance.length !== dimension)
    throw new UsageError(
      `${caller}: covariance must hold dimension = ${dimension} eigenvalues, got ${covariance.length}`,
    );
  let largest = 0;
  for (let k = 0; k < covariance.length; k++) {
    if (!(covariance[k]! >= 0 && covariance[k]! < Infinity))
      throw new UsageError(
        `${caller}: eigenvalues of the covariance must be finite and at least 0, got ${covariance[k]} at ${k}`,
      );
    largest = Math.max(largest, covariance[k]!);
  }
  if (largest === 0) throw new UsageError(`${caller}: eigenvalues of the covariance must not all be 0`);
}
