/** What every comparison says, whatever was given of a spectrum. */
import type { HolmResult, NamedPValue, Verdict } from '../../../simulations/comparisons/index.js';
import type { HistogramBin } from './histogram.js';

export interface ComparisonTest extends HolmResult<NamedPValue> {
  readonly statistic: string;
  readonly observed: number;
}

export interface ComparisonBase {
  readonly source: string;
  /** d */
  readonly dimension: number;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly level: number;
  readonly seed: string;
  readonly backend: string;
  readonly notes: readonly string[];
  /** For the plot: bins of the spectrum, and the law's density in their middles. */
  readonly histogram: readonly HistogramBin[];
}
