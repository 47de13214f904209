/** The rate at which the distance to a law falls with d, and what follows from it. */
import type { RateVerdict } from '../../../figures/sweepResult.js';
import { fitExponent, type ExponentFit } from '../../../simulations/comparisons/index.js';

export interface DistanceRate {
  readonly fit: ExponentFit;
  readonly predicted: number;
  readonly verdict: RateVerdict;
}

export interface RateRule {
  /** The exponent of a law that holds. */
  readonly predicted: number;
  /** Between it and that of a distance that stays. */
  readonly threshold: number;
  /** log d is divided out. */
  readonly logCorrection: boolean;
}

/**
 * Thresholds chosen on one set of draws and measured on another by scripts/measureExponents.mjs: linear cross-entropy,
 * N = 2d, d = 24, 48, 96, 1000 draws a size (Toeplitz 300), shares of sweeps with 20 draws a size. A finite-size part
 * makes a distance that stays fall like d^−0.1 to d^−0.4 (limit law) or d^−0.35 to d^−0.65 (given the weights, log d
 * divided out) at these sizes, and a limit law that holds do better than d^−1/2.
 *
 * | regime | distance | exponent | vanishes | stays |
 * | --- | --- | --- | --- | --- |
 * | holds: C = 5, diagonal; off-diagonal block | limit law | −0.70 ± 0.05; −0.66 ± 0.07 | 1.00; 1.00 | 0; 0 |
 * | holds: C = 0.2 d | limit law | −0.57 ± 0.07 | 0.90 | 0 |
 * | fails: law of C = 5 while C = 0.2 d; 5 √(d/24) | limit law | 1.09; 0.63 | 0; 0 | 1.00; 1.00 |
 * | fails: radii of t with 5; 10 degrees | limit law | −0.22; −0.43 ± 0.05 | 0; 0.18 | 0.58; 0 |
 * | fails: Toeplitz 0.6; 0.3 | limit law | −0.07; −0.33 ± 0.04 | 0; 0 | 1.00; 0 |
 * | holds: C = 5, both blocks; C = 0.2 d | given the weights | −1.07 ± 0.04 | 1.00 | 0 |
 * | fails: radii of t with 5; 10 degrees | given the weights | −0.45; −0.64 ± 0.05 | 0; 0 | 1.00; 0.58 |
 * | fails: Toeplitz 0.6; 0.3 | given the weights | −0.33; −0.59 ± 0.04 | 0; 0 | 1.00; 1.00 |
 *
 * A law that holds is never said to fail: 0 of 150 sweeps with 20 draws a size, 0 of 600 with 5, for either distance
 * (at most 2 % and 0.5 % at 95 % confidence). A failing one is said to hold only where it is nearly right at these
 * sizes, in 0.18 of sweeps at worst; at d = 100, 200, 400 the exponent of t(5) radii is −0.07 ± 0.03 (limit law), −0.26
 * ± 0.02 (given the weights), that of the truth −0.69, −1.02. With thresholds of −0.25 and −0.6, on the first set of
 * draws, the worst misses were 0.80 (t with 10 degrees, limit law) and 0.12 (given the weights). Two sizes a factor 2
 * apart leave about half of the limit laws that hold open.
 */
export const rateRules: Readonly<Record<'law' | 'weights' | 'applicable', RateRule>> = {
  law: { predicted: -0.5, threshold: -0.35, logCorrection: false },
  weights: { predicted: -1, threshold: -0.75, logCorrection: true },
  applicable: { predicted: -1, threshold: -0.75, logCorrection: true },
};

const rateConfidence = 0.95;

/** Undefined for fewer than two sizes. */
export function distanceRate(
  sizes: readonly number[],
  distances: readonly (readonly number[])[],
  { predicted, threshold, logCorrection }: RateRule,
): DistanceRate | undefined {
  if (new Set(sizes).size < 2) return undefined;
  const fit = fitExponent({ sizes, values: distances, logCorrection, confidence: rateConfidence });
  return {
    fit,
    predicted,
    verdict: fit.interval[1] < threshold ? 'vanishes' : fit.interval[0] > threshold ? 'stays' : 'open',
  };
}
