import type { Outlier } from '../contracts.js';
import { type BulkLaw, inverseMapByReciprocal } from '../gmp/bulkLaw.js';
import { outliersOfBranches } from './findOutliers.js';

/** A predicted outlier with the standard error of its place that comes from the cubature of its equation. */
export interface EstimatedOutlier extends Outlier {
  readonly error: number;
}

/** Eigenvalues of E[a/(1 + γ a t)(g gᵀ − I)] estimated on each of several independent sets of points. */
export interface BranchEstimates {
  /** Eigenvalues from all points together. */
  readonly pooled: (t: number) => ArrayLike<number>;
  /** The same from each set alone, in the same order of branches. */
  readonly perSet: (t: number) => readonly ArrayLike<number>[];
  readonly multiplicities: readonly number[];
  /** False for weights that fill an interval: the gaps of the law are then those of its quadrature. */
  readonly gaps: boolean;
}

/**
 * Outliers when the moment matrix is a cubature. The part E[a/(1 + γ a m)] that is common to all eigenvalues is taken
 * from the law, so only the deviation from independence carries the cubature's error; the error of a root is the
 * standard error of its branch there over the branch's slope in λ.
 */
export function outliersByCubature(law: BulkLaw, estimates: BranchEstimates): EstimatedOutlier[] {
  const common = (t: number): number => inverseMapByReciprocal(law, 1 / t).value + 1 / t;
  const outliers = outliersOfBranches({
    law,
    branches: (t) => {
      const shift = common(t);
      return Array.from(estimates.pooled(t), (value) => shift + value);
    },
    multiplicities: estimates.multiplicities,
    gaps: estimates.gaps,
  });
  return outliers.map((outlier) => ({ ...outlier, error: errorOf(law, estimates, outlier.at) }));
}

function errorOf(law: BulkLaw, { pooled, perSet, multiplicities }: BranchEstimates, at: number): number {
  const m = law.stieltjes({ re: at, im: 0 }).re;
  // Branch value minus λ, as a function of m: 1/m + pooled eigenvalue. The branch of this root is the one nearest zero.
  const values = Array.from(pooled(m), (value, branch) =>
    multiplicities[branch]! > 0 ? Math.abs(1 / m + value) : Infinity,
  );
  const branch = values.indexOf(Math.min(...values));
  const estimates = perSet(m).map((set) => set[branch]!);
  const mean = estimates.reduce((sum, value) => sum + value, 0) / estimates.length;
  const variance = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (estimates.length - 1);
  const step = 1e-5 * Math.abs(m);
  const [before, after] = [m - step, m + step];
  const rise = 1 / after + pooled(after)[branch]! - 1 / before - pooled(before)[branch]!;
  const run = inverseMapByReciprocal(law, 1 / after).value - inverseMapByReciprocal(law, 1 / before).value;
  return Math.sqrt(variance / estimates.length) / Math.abs(rise / run);
}
