import type { HeadWorkspace } from '../contracts.js';
import { combined, noPairs, type PairTotals } from './pairTotals.js';

export interface SamplePairs {
  /** All N² pairs: the Hessian of these very samples. */
  readonly all: PairTotals;
  /** Pairs from different groups: unbiased for the population's Hessian. */
  readonly between: PairTotals;
  /** The same without each group. */
  readonly withoutGroup: readonly PairTotals[];
}

/** Sums from the four matrices of a workspace; `group` has a number from 0 to groups − 1 for each sample. */
export function samplePairs(workspace: HeadWorkspace, group: Int32Array, groups: number): SamplePairs {
  const { samples, matrixRow, matrices } = workspace;
  const { gram, probabilities, squares, weights } = matrices;
  const cross = Array.from({ length: groups }, () => new Sums());
  const inside = new Sums();
  const between = new Sums();
  for (let n = 0; n < samples; n += 1) {
    const row = new Sums();
    for (let m = 0; m <= n; m += 1) {
      const at = n * matrixRow + m;
      const kernel = gram[at]! ** 2;
      const overlap = probabilities[at]!;
      const diagonal = kernel * weights[at]!;
      const offDiagonal = kernel * (overlap * overlap - squares[at]!);
      if (group[m] === group[n]) inside.add(m < n ? 2 : 1, diagonal, offDiagonal, kernel, kernel * overlap);
      else {
        row.add(2, diagonal, offDiagonal, kernel, kernel * overlap);
        cross[group[m]!]!.add(2, diagonal, offDiagonal, kernel, kernel * overlap);
      }
    }
    // By rows: a sum of sums loses fewer digits.
    between.take(row);
    cross[group[n]!]!.take(row);
  }
  const totals = between.totals;
  return {
    all: combined(totals, inside.totals),
    between: totals,
    withoutGroup: cross.map((sums) => combined(totals, sums.totals, -1)),
  };
}

class Sums {
  #totals = { ...noPairs };

  add(times: number, diagonal: number, offDiagonal: number, kernel: number, collisions: number): void {
    const t = this.#totals as { -readonly [Name in keyof PairTotals]: number };
    t.pairs += times;
    t.diagonal += times * diagonal;
    t.offDiagonal += times * offDiagonal;
    t.kernel += times * kernel;
    t.collisions += times * collisions;
  }

  take(other: Sums): void {
    this.#totals = combined(this.#totals, other.#totals);
  }

  get totals(): PairTotals {
    return this.#totals;
  }
}
