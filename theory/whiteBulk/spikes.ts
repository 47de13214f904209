/**
 * One eigenvalue ℓ σ² of the covariance of x beside many σ² (σ² = 1 here): how strong it is, seen from the eigenvalue that
 * left the bulk, and how far it moves the bulk. Only the Stieltjes transform G of the bulk on the side of the spike enters.
 */
import { spikeArgument, strengthOfSpike } from '../outliers/inputSpike.js';
import { stieltjesOfWhite } from './whiteLaw.js';

/**
 * ℓ = 1/(1 + 1/(x G(x))) for an eigenvalue at x outside the support of W/m, c = n/m ≤ 1: the inverse of ℓ ↦ ℓ (1 + γ/(ℓ − 1))
 * (Baik and Silverstein 2006) with γ = c, or 1/c when the spiked side is the larger one (`wide`).
 * An x inside the support counts as just outside it, above where `side` is 'above', so that ℓ > 1 above and 0 ≤ ℓ < 1 below.
 */
export function spikeStrength(x: number, ratio: number, wide: boolean, side: 'above' | 'below'): number {
  const root = Math.sqrt(ratio);
  const place = side === 'above' ? Math.max(x, (1 + root) ** 2 * 1.0001) : Math.min(x, (1 - root) ** 2 * 0.9999);
  // Nothing leaves a hard edge but what is zero.
  if (!(place > 0)) return smallestStrength;
  const strength = strengthOfSpike(place, stieltjesOfWhite(place, ratio, wide).re);
  return side === 'above' ? strength : Math.min(1 - 1e-6, Math.max(smallestStrength, strength));
}

/** 0 itself would lose the sign of the imaginary part from which the argument below is taken. */
const smallestStrength = 1e-9;

/**
 * Change of the expected number of bulk eigenvalues below x (inside the support) when a spike ℓ replaces one that left the
 * bulk altogether (ℓ → ∞ where ℓ > 1, ℓ → 0 where ℓ < 1): (1/π) [arg w − arg(ℓw − z)] or (1/π) [−π − arg(ℓw − z)], z = x + i0,
 * w = z + 1/G(z). Both arguments lie in (−π, 0).
 */
export function spikeShift(x: number, strength: number, ratio: number, wide: boolean): number {
  const transform = stieltjesOfWhite(x, ratio, wide);
  const { re, im } = transform;
  const square = re * re + im * im;
  const reference = strength > 1 ? Math.atan2(-im / square, x + re / square) : -Math.PI;
  return (reference - spikeArgument(x, transform, strength)) / Math.PI;
}
