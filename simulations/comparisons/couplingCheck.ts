import { UsageError } from '../../theory/errors.js';
import { twoSampleKolmogorov } from './distances/supremumDistances.js';
import { roundingTolerance } from './distances/snapToAtoms.js';

export interface CouplingCheck {
  /** sup_x |F_H(x) − F_H̃(x)| */
  readonly distance: number;
  /** 2k/d */
  readonly bound: number;
  readonly holds: boolean;
  /** False when 2k ≥ d: the bound is then no bound. */
  readonly informative: boolean;
  /** Eigenvalues this close count as equal, so that rounding at ties (exact zeros) cannot break the inequality. */
  readonly roundingTolerance: number;
}

/**
 * The exact coupling of a block with its twin (`twinInputs`): the two differ by a matrix of rank at most 2k, so sup
 * |F_H − F_H̃| ≤ 2k/d in every draw (paper-notes.md, exact coupling; Weyl's interlacing). Not a statistical test: one
 * failure is an error in the program or in the claim. The only slack is rounding: eigenvalues within twice
 * 4·d·2⁻⁵²·max|λ| are ties.
 */
export function couplingCheck({
  eigenvalues,
  twinEigenvalues,
  rank,
}: {
  eigenvalues: Float64Array;
  twinEigenvalues: Float64Array;
  rank: number;
}): CouplingCheck {
  if (eigenvalues.length !== twinEigenvalues.length) {
    throw new UsageError(
      `couplingCheck: a block and its twin have equally many eigenvalues, got ${eigenvalues.length} and ${twinEigenvalues.length}`,
    );
  }
  if (!Number.isInteger(rank) || rank < 0)
    throw new UsageError(`couplingCheck: rank must be a whole number ≥ 0, got ${rank}`);
  const dimension = eigenvalues.length;
  const tolerance = 2 * Math.max(roundingTolerance(eigenvalues), roundingTolerance(twinEigenvalues));
  const distance = twoSampleKolmogorov(eigenvalues, twinEigenvalues, tolerance);
  const bound = (2 * rank) / dimension;
  // Both sides are multiples of 1/d: compare them as whole numbers.
  return {
    distance,
    bound,
    holds: Math.round(distance * dimension) <= 2 * rank,
    informative: 2 * rank < dimension,
    roundingTolerance: tolerance,
  };
}
