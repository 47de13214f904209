/** What `results.json` of a sweep holds: the run, its grid points, the groups that its lists make. Types only. */
import type { BlockName } from '../theory/names.js';
import type { PhaseMap, SpectrumPanel } from './results.js';

export interface SweepResult {
  readonly kind: 'sweep';
  /** No preset and no claims: what figures and reports expect to find in a run. */
  readonly preset: 'sweep';
  readonly claims: readonly [];
  readonly title: string;
  readonly version: string;
  readonly seed: string;
  readonly backend: string;
  readonly level: number;
  readonly points: number;
  /** Names whose lists span the grid, in order. */
  readonly lists: readonly string[];
  readonly settings: Readonly<Record<string, string | number>>;
  readonly interrupted: boolean;
  /** Draws that ended in an error; their grid points are left out. */
  readonly failures: readonly SweepFailure[];
  readonly rows: readonly SweepRow[];
  readonly summary: SweepSummary;
  readonly phaseMaps: readonly PhaseMap[];
  /** The first draw at the largest d of each group, against its laws; absent in runs of versions without them. */
  readonly spectra?: readonly SweepSpectrum[];
  /** Plain sentences that belong to the whole run. */
  readonly notes?: readonly string[];
}

export interface SweepFailure {
  readonly point: number;
  readonly replicate: number;
  /** Name of the error: `UsageError` for what the user can mend. */
  readonly name: string;
  readonly message: string;
}

/** What the rate says: the whole interval of the exponent below the threshold, above it, or around it. */
export type RateVerdict = 'vanishes' | 'stays' | 'open';

export type SweepVerdict = 'agree' | 'agree in the limit' | 'disagree' | 'undecided';

export interface SweepRow {
  readonly point: number;
  readonly values: Readonly<Record<string, number>>;
  readonly block: BlockName;
  readonly order: number;
  readonly applies: string;
  readonly reason: string;
  readonly replicates: number;
  readonly vanishes: boolean;
  /** One number a draw: kept, so that shards can be merged and exponents fitted. */
  readonly law: readonly number[];
  readonly weights: readonly number[];
  readonly applicable: readonly number[];
  /** Distances to a law that is no more than an estimate for these inputs. */
  readonly estimate: readonly number[];
  readonly squaredNorms: readonly number[];
  /** Mean quantiles of the spectrum in units of its root mean square. */
  readonly shape: readonly number[];
  readonly pWeights: number | null;
  readonly pApplicable: number | null;
  /** How far a law with d/N 5 % larger moves the statistic of each calibrated test. */
  readonly wrongWeights: WrongLawEffect | null;
  readonly wrongApplicable: WrongLawEffect | null;
  readonly coupling: { readonly checked: number; readonly broken: number; readonly largestShare: number } | null;
}

export interface SweepComparison {
  readonly name: 'law' | 'weights' | 'applicable' | 'coupling' | 'draws';
  readonly verdict: SweepVerdict;
  readonly reason: string;
  readonly exponent: { readonly value: number; readonly lower: number; readonly upper: number } | null;
  readonly predictedExponent: number | null;
  /** What the rate says about large d; null with fewer than two sizes. */
  readonly inTheLimit: RateVerdict | null;
  /** Whether the calibrated test rejects at the sizes drawn; null when there is none. */
  readonly rejectedAtTheseSizes: boolean | null;
  readonly smallestAdjustedPValue: number | null;
  /** The chance that the calibrated test would have rejected a law this wrong, at the point where it is largest. */
  readonly power: LawPower | null;
}

export interface LawPower {
  readonly alternative: string;
  readonly probability: number;
  /** Draws at that point with which it would be 0.95; null beyond a million. */
  readonly replicatesNeeded: number | null;
}

/** Points that differ in d alone (and what the rules make of it), for one block. */
export interface SweepGroup {
  /** Values of the lists other than d's. */
  readonly fixed: Readonly<Record<string, number>>;
  readonly block: BlockName;
  readonly dimensions: readonly number[];
  readonly applies: string;
  readonly reason: string;
  readonly comparisons: readonly SweepComparison[];
  /** A law set beside draws for which none is known, size by size: shown, never judged. Null where there is none. */
  readonly estimate: LawEstimate | null;
}

/** The separable law of the drawn weights and the covariance of the data, beside the law of Gaussian inputs. */
export interface LawEstimate {
  readonly name: 'separable';
  readonly judged: false;
  readonly sizes: readonly {
    readonly d: number;
    /** Mean Kolmogorov distance over the draws, its standard error, and the same mean to the law given the weights. */
    readonly distance: number;
    readonly standardError: number;
    readonly gaussian: number;
  }[];
}

export interface SweepSummary {
  readonly groups: readonly SweepGroup[];
  readonly ratios: readonly RatioSummary[];
  readonly verdicts: Readonly<Record<SweepVerdict, number>>;
}

/**
 * Of one draw, in standard deviations of its null; `spread` is the deviation under the wrong law over that under the
 * right one.
 */
export interface WrongLawEffect {
  readonly effect: number;
  readonly spread: number;
}

export interface RatioSummary {
  readonly layer: string;
  readonly fixed: Readonly<Record<string, number>>;
  readonly rows: readonly {
    readonly point: number;
    readonly d: number;
    readonly C: number;
    readonly ratio: number;
    readonly standardError: number;
  }[];
  /**
   * Of the typical ratio, the geometric mean over draws of ‖H_off‖²/‖H_diag‖², against C where C changes, else against
   * d. Over the layers the norms have tails too heavy for an interval of the ratio of their means; their logarithms do
   * not.
   */
  readonly exponent: {
    readonly against: 'C' | 'd';
    readonly value: number;
    readonly lower: number;
    readonly upper: number;
  } | null;
}

/** The spectrum of one draw of a sweep against one law, named. */
export type SweepSpectrum = SpectrumPanel & { readonly law: string; readonly point: number; readonly name: BlockName };
