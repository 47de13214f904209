import { jackknife, type Estimate, type PairTotals } from '../../../simulations/head/index.js';
import type { BlockRatio, Measured, PopulationRatio } from './headResult.js';

const measured = ({ value, error }: Estimate): Measured => ({ value, error: Number.isNaN(error) ? null : error });

/** The ratio of blocks from sums over pairs, with errors by leaving out what `without` leaves out. */
export function blockRatio(totals: PairTotals, without: readonly PairTotals[], classes: number): BlockRatio {
  const of = (statistic: (sums: PairTotals) => number): Measured => measured(jackknife(totals, without, statistic));
  const t = ({ offDiagonal, diagonal }: PairTotals): number => offDiagonal / diagonal;
  return {
    diagonal: of(({ diagonal, pairs }) => diagonal / pairs),
    offDiagonal: of(({ offDiagonal, pairs }) => offDiagonal / pairs),
    t: of(t),
    ratio: of((sums) => t(sums) / (classes - 1)),
    scaled: of((sums) => (t(sums) * classes * classes) / (classes - 1)),
  };
}

export function populationRatio(
  totals: PairTotals,
  without: readonly PairTotals[],
  classes: number,
): PopulationRatio | null {
  if (totals.pairs === 0) return null;
  return {
    ...blockRatio(totals, without, classes),
    effectiveClasses: measured(jackknife(totals, without, ({ kernel, collisions }) => kernel / collisions)),
  };
}
