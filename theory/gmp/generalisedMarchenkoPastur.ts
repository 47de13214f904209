import type { DiscreteMeasure } from '../contracts.js';
import { atomsLaw, type GmpLaw, type GmpOptions } from './atomsLaw.js';
import { continuousMarchenkoPastur, withOutline, type SmoothLaw } from './continuousMarchenkoPastur.js';
import { narrowWeights } from './narrowWeights.js';
import { scaledLaw } from './scaledLaw.js';
import { isSmooth, type SmoothWeights, type WeightLaw } from './smoothWeights.js';

/**
 * The limit spectral law of H = (1/N) Σ a_n x_n x_nᵀ with Gaussian x_n of dimension d, d/N → `aspectRatio`, and weights
 * a_n of law `weights`, which may have both signs: the law whose Stieltjes transform m solves z = −1/m + E[a/(1 + γ a
 * m)], Im m > 0, γ = aspectRatio (paper-notes.md, generalised Marčenko–Pastur law).
 *
 * Atoms and drawn weights are solved on the real axis (`atomsLaw`: edges to 1e-14, distribution function to 1e-14
 * absolute and 1e-10 relative in the outer tails). A smooth law of weights is solved on a path off the axis
 * (`continuousMarchenkoPastur`: 1e-10 absolute, 1e-12 typically), or on its real nodes where those are exact
 * (`narrowWeights`); it has one interval of support.
 *
 * @param weights atoms or drawn weights (`discreteMeasure`), or a smooth law (`softmaxWeights`)
 * @param aspectRatio γ = d/N > 0
 * @param options of atoms: how a large measure is compressed
 * @throws UsageError on an aspect ratio that is not positive and finite, or a malformed measure
 * @throws NumericalError from the methods, naming the point, where an equation could not be solved
 */
export function generalisedMarchenkoPastur(weights: DiscreteMeasure, aspectRatio: number, options?: GmpOptions): GmpLaw;
export function generalisedMarchenkoPastur(weights: SmoothWeights, aspectRatio: number): SmoothLaw;
export function generalisedMarchenkoPastur(weights: WeightLaw, aspectRatio: number): GmpLaw | SmoothLaw;
export function generalisedMarchenkoPastur(
  weights: WeightLaw,
  aspectRatio: number,
  options?: GmpOptions,
): GmpLaw | SmoothLaw {
  if (!isSmooth(weights)) return atomsLaw(weights, aspectRatio, options);
  const { quadrature, sign } = weights;
  if (narrowWeights(quadrature, aspectRatio)) {
    const law = atomsLaw(quadrature, aspectRatio);
    return withOutline(law, () => law);
  }
  const law = continuousMarchenkoPastur(weights.path(), aspectRatio);
  if (sign === 1) return law;
  let outline: GmpLaw | undefined;
  return withOutline(scaledLaw(law, -1), () => (outline ??= atomsLaw(quadrature, aspectRatio)));
}

/**
 * The law whose inverse map holds off the support, for the outlier equations: the law itself, or of a smooth law that
 * of its quadrature.
 */
export function outlineOf(law: GmpLaw | SmoothLaw): GmpLaw {
  return 'outline' in law ? law.outline : law;
}
