/**
 * A direction in which the inputs have variance ℓ beside many of variance 1, in (1/N) Σ a_n x_n x_nᵀ: how strong it is,
 * seen from the eigenvalue that left the bulk, and how far it moves the bulk. Only the transform G = ∫ dF(λ)/(λ − x) of the
 * bulk's law enters, whatever the law of the weights.
 */
import type { Complex } from '../contracts.js';

/** ℓ = 1/(1 + 1/(x G)) of an eigenvalue at x outside the support, where G is real. */
export function strengthOfSpike(x: number, transform: number): number {
  return 1 / (1 + 1 / (x * transform));
}

/**
 * arg(ℓw − x) in (−π, 0), w = x + 1/G(x + i0), x inside the support: the expected number of eigenvalues up to x changes by
 * D_ℓ(x) = (1/π) [arg(w − x) − arg(ℓw − x)] when one of the variances is ℓ and not 1. ℓ = 0 is taken from above.
 */
export function spikeArgument(x: number, { re, im }: Complex, strength: number): number {
  const square = re * re + im * im;
  return Math.atan2(-(strength * im) / square, strength * (x + re / square) - x);
}

/** D_ℓ(x): 0 at the lower edge to −1 at the upper for ℓ that leaves the bulk above, 1 to 0 for one that leaves it below. */
export function countShift(x: number, transform: Complex, strength: number): number {
  return (spikeArgument(x, transform, 1) - spikeArgument(x, transform, strength)) / Math.PI;
}
