import { UsageError } from '../../../theory/errors.js';
import type { SpectralLaw } from '../../../theory/contracts.js';
import { checkAscending, probabilityLevels, type LevelOptions, type ProbabilityLevels } from './probabilityLevels.js';
import type { TabulatedLaw } from './tabulateLaw.js';

/** sup (F_n − F) and sup (F − F_n), both one-sided limits taken at every eigenvalue and every atom. */
export function oneSidedSuprema({ count, entries, before, after, countBefore, countAfter }: ProbabilityLevels): {
  above: number;
  below: number;
} {
  let above = 0;
  let below = 0;
  for (let j = 0; j < entries; j++) {
    const left = countBefore[j]! / count - before[j]!;
    const right = countAfter[j]! / count - after[j]!;
    if (left < right) {
      if (right > above) above = right;
      if (-left > below) below = -left;
    } else {
      if (left > above) above = left;
      if (-right > below) below = -right;
    }
  }
  return { above, below };
}

/**
 * Kolmogorov's distance D = sup_x |F_n(x) − F(x)| between an ascending spectrum and a law; one call of the law's
 * `cdfs`. Ties and atoms are exact: a block whose zeros are as many as the law's atom at 0 says has no distance there.
 * Accuracy: that of the cdf. Source: Kolmogorov (1933); for spectra d·D grows like log d, not like √d (paper-notes.md,
 * rigidity).
 */
export function kolmogorovDistance(
  eigenvalues: Float64Array,
  law: SpectralLaw | TabulatedLaw,
  options: LevelOptions = {},
): number {
  const { above, below } = oneSidedSuprema(probabilityLevels(eigenvalues, law, options));
  return Math.max(above, below);
}

/**
 * sup_x |F_a(x) − F_b(x)| of two ascending samples, ties exact. Values within `tolerance` of one another count as
 * equal.
 */
export function twoSampleKolmogorov(a: Float64Array, b: Float64Array, tolerance = 0): number {
  checkAscending('twoSampleKolmogorov', a);
  checkAscending('twoSampleKolmogorov', b);
  if (!(tolerance >= 0)) throw new UsageError(`twoSampleKolmogorov: tolerance must be ≥ 0, got ${tolerance}`);
  let i = 0;
  let j = 0;
  let distance = 0;
  while (i < a.length && j < b.length) {
    const reach = Math.min(a[i]!, b[j]!) + tolerance;
    while (i < a.length && a[i]! <= reach) i++;
    while (j < b.length && b[j]! <= reach) j++;
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length));
  }
  return distance;
}
