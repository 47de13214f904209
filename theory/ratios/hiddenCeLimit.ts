import type { ActivationName } from '../contracts.js';
import type { ReadoutEntry } from '../network/readoutEntry.js';
import { tiltedCovariance, tiltOverlap, unitExpectations } from '../network/unitExpectations.js';

export interface HiddenLimitOptions {
  readonly width: number;
  readonly activation: ActivationName;
  /** Variance of the pre-activations. */
  readonly hiddenFactor: number;
  readonly entry: ReadoutEntry;
}

export interface FiniteRatioOptions extends HiddenLimitOptions {
  readonly classes: number;
  /** Roughly the number of multiplications to spend. */
  readonly effort: number;
}

/** Limits, as C → ∞ with m fixed, of the expectations that make the ratios of the hidden cross-entropy model. */
export interface HiddenCeLimit {
  /** C·E[a²] and C·E_V[(E_x a)²] off the diagonal. */
  readonly offSquare: number;
  readonly offMeanSquare: number;
  /** E[a²] and E_V[(E_x a)²] on the diagonal. */
  readonly diagonalSquare: number;
  readonly diagonalMeanSquare: number;
}

/**
 * As C → ∞ the weight Cov_p(v_i, v_j) is an average over classes tilted by e^{v·h}; off the diagonal it is a
 * fluctuation of order C^{−1/2}. Entries of V are independent, so every expectation factorises over units: C·E[a²] →
 * (E[σ′² F G])² (E F)^{m−2} at h′ = h, C·E_V[(E_x a)²] → the same over independent h, h′, with F, G of `tiltOverlap`
 * and `tiltedCovariance`; on the diagonal a → κ″(h)σ′² + (κ′(h) − v)σ″, v an entry of V for a uniform label
 * (paper-notes.md, hidden CE ratio). Normal V and ReLU reproduce T_1 and T_2 in closed form; uniform V has finite
 * constants for every m ≥ 2.
 */
export function hiddenCeLimit({ width, activation, hiddenFactor, entry }: HiddenLimitOptions): HiddenCeLimit {
  const units = unitExpectations(activation, hiddenFactor);
  const rest = width - 2;
  const squareUnit = units.single(
    ({ h, slope }) => slope * slope * tiltOverlap(entry, h, h) * tiltedCovariance(entry, h, h),
  );
  const overlap = units.single(({ h }) => tiltOverlap(entry, h, h));
  const meanSquareUnit = units.pair((a, b) =>
    a.slope === 0 || b.slope === 0
      ? 0
      : a.slope * b.slope * tiltOverlap(entry, a.h, b.h) * tiltedCovariance(entry, a.h, b.h),
  );
  const pairOverlap = units.pair((a, b) => (a.h === 0 || b.h === 0 ? 1 : tiltOverlap(entry, a.h, b.h)));
  const diagonal = ({ h, slope, curvature }: { h: number; slope: number; curvature: number }): number =>
    entry.tiltedVariance(h) * slope * slope + entry.mean(h) * curvature;
  return {
    offSquare: squareUnit ** 2 * overlap ** rest,
    offMeanSquare: meanSquareUnit ** 2 * pairOverlap ** rest,
    diagonalSquare: units.single((unit) => diagonal(unit) ** 2 + entry.variance * unit.curvature ** 2),
    diagonalMeanSquare: units.single(diagonal) ** 2,
  };
}
