import { activationKernel } from '../network/activationKernel.js';
import { bothOpen } from './layerCosines.js';

/**
 * What one unit of a layer adds, for inputs whose pre-activations u, u′ are standard normal with correlation ρ: 2u₊², 2u′₊²,
 * 2u₊u′₊, [u > 0], [u′ > 0], [u > 0, u′ > 0].
 */
export interface UnitMoments {
  /** Of the six. */
  readonly means: readonly number[];
  /** 6×6. */
  readonly covariance: readonly (readonly number[])[];
}

/**
 * Moments of half of a bivariate normal by Stein's identity: with k = k₀(ρ), E u₊u′₊ = J/2, E u₊²[u′ > 0] = k + ρ√(1 − ρ²)/2π =:
 * m, E u₊³u′₊ = J + ρm, E u₊²u′₊² = m + ρJ; E u₊² = ½, E u₊⁴ = 3/2.
 */
export function unitMomentsOfPair(cosine: number): UnitMoments {
  const open = bothOpen(cosine);
  const product = activationKernel('relu', 1, 1, cosine);
  const square = openSquare(cosine);
  const third = 2 * product + cosine * square;
  const fourth = square + 2 * cosine * product;
  const means = [1, 1, 2 * product, 0.5, 0.5, open];
  const seconds = [
    [6, 4 * fourth, 4 * third, 1, 2 * square, 2 * square],
    [4 * fourth, 6, 4 * third, 2 * square, 1, 2 * square],
    [4 * third, 4 * third, 4 * fourth, 2 * product, 2 * product, 2 * product],
    [1, 2 * square, 2 * product, 0.5, open, open],
    [2 * square, 1, 2 * product, open, 0.5, open],
    [2 * square, 2 * square, 2 * product, open, open, open],
  ];
  return { means, covariance: seconds.map((row, i) => row.map((value, j) => value - means[i]! * means[j]!)) };
}

/** E u₊²[u′ > 0]. */
export function openSquare(cosine: number): number {
  return bothOpen(cosine) + (cosine * Math.sqrt(Math.max(0, 1 - cosine * cosine))) / (2 * Math.PI);
}
