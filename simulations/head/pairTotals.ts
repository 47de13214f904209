/** Sums over pairs of samples from different groups, and their error by leaving out one group at a time. */

/**
 * Sums over ordered pairs (n, m), with K = (h_n·h_m)² and probabilities p, weights a = p(1 − p) of the two samples. Over
 * `pairs` each is a mean; the first two are Σ_i ‖H_ii‖² and Σ_{i≠j} ‖H_ij‖².
 */
export interface PairTotals {
  readonly pairs: number;
  /** Σ K Σ_i a_i(n) a_i(m). */
  readonly diagonal: number;
  /** Σ K Σ_{i≠j} p_i p_j (n) p_i p_j (m). */
  readonly offDiagonal: number;
  /** Σ K. */
  readonly kernel: number;
  /** Σ K Σ_i p_i(n) p_i(m). */
  readonly collisions: number;
}

export const noPairs: PairTotals = { pairs: 0, diagonal: 0, offDiagonal: 0, kernel: 0, collisions: 0 };

const names = Object.keys(noPairs) as (keyof PairTotals)[];

/** a + factor·b, sum by sum. */
export function combined(a: PairTotals, b: PairTotals, factor = 1): PairTotals {
  return Object.fromEntries(names.map((name) => [name, a[name] + factor * b[name]])) as unknown as PairTotals;
}

export interface Estimate {
  readonly value: number;
  /** Standard error; NaN where there is nothing to leave out. */
  readonly error: number;
}

/**
 * A statistic of the totals, and its standard error by the jackknife: √((G − 1)/G Σ_g (θ₋g − θ̄)²), with `deleted` the totals
 * without each of G groups (Efron and Stein, Ann. Statist. 9 (1981) 586).
 */
export function jackknife(
  totals: PairTotals,
  deleted: readonly PairTotals[],
  statistic: (totals: PairTotals) => number,
): Estimate {
  const value = statistic(totals);
  const without = deleted.map(statistic);
  const count = without.length;
  if (count < 2) return { value, error: NaN };
  const mean = without.reduce((sum, each) => sum + each, 0) / count;
  const squares = without.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return { value, error: Math.sqrt(((count - 1) / count) * squares) };
}
