/** What `limitlaw head` finds: plain data, for the terminal, a page, figures and programs. */
import type { Verdict } from '../simulations/comparisons/index.js';

/** A number and its standard error; null where none can be told. */
export interface Measured {
  readonly value: number;
  readonly error: number | null;
}

/** Off-diagonal against diagonal blocks of one Hessian. */
export interface BlockRatio {
  /** Σ_i ‖H_ii‖². */
  readonly diagonal: Measured;
  /** Σ_{i≠j} ‖H_ij‖². */
  readonly offDiagonal: Measured;
  /** t, the second over the first. */
  readonly t: Measured;
  /** r = t/(C − 1), of means. */
  readonly ratio: Measured;
  /** C²·r. */
  readonly scaled: Measured;
}

export interface PopulationRatio extends BlockRatio {
  /** Σ K / Σ K p_n·p_m over the pairs: C where predictions are even. */
  readonly effectiveClasses: Measured;
}

/** Where predictions would not depend on the context. */
export interface UnigramPrediction {
  readonly t: number;
  readonly ratio: number;
  readonly scaled: number;
  /** 1/Σq². */
  readonly effectiveClasses: number;
}

/** One row of blocks. */
export interface HeadRow {
  /** 1 for the most frequent token. */
  readonly rank: number;
  readonly token: number;
  /** q: share among the targets or counts, or mean prediction. */
  readonly frequency: number;
  /** Σ_{j≠i} ‖H_ij‖² / ‖H_ii‖², of the population. */
  readonly ratio: number;
  /** (Σq² − q_i²)/(1 − q_i)² with q the mean prediction. */
  readonly unigram: number;
}

/** A statement that has a law, and what came of it. */
export interface HeadStatement {
  readonly id: 'initialisation' | 'row-sums' | 'bounds' | 'halves' | 'equivalent';
  readonly statement: string;
  readonly verdict: Verdict;
  readonly reason: string;
}

export interface InitialisationFinding {
  /** τ, mean of V². */
  readonly variance: number;
  /** C²·r, all pairs: of these samples. Expected at C classes, and as C → ∞. */
  readonly expected: number;
  readonly limit: number;
  /** The same of the population: pairs n ≠ m. */
  readonly expectedPopulation: number;
  readonly limitPopulation: number;
  /** Positions and draws of V that the tests rest on. */
  readonly positions: number;
  readonly draws: number;
  /** Of the formula against the draws, and of this head among them. */
  readonly formulaScore: number;
  readonly formulaPValue: number;
  readonly placePValue: number;
}

/** How near features are to the row of their own token, where embedding and head are one matrix. */
export interface TiedFinding {
  /** Of h_n and row of V of its token. */
  readonly cosine: { readonly mean: number; readonly least: number; readonly largest: number };
  /** ln C/(|h|√(τD)): above it a head begins as a copier, and the law at initialisation is void. */
  readonly threshold: number;
  readonly isVoid: boolean;
}

export interface WhitenedFinding {
  /** Number of tokens, across ranks; C where all fit. */
  readonly tokens: number;
  /** Rank of the blocks at most: the lesser of N and D. */
  readonly order: number;
  readonly probes: number;
  /** (1/ID) Σ_{i≠j} ‖D_i^{−1/2} H_ij D_j^{−1/2}‖² over the I tokens. */
  readonly energy: Measured;
  /** C²/(I − 1) times it: C² times the mean over pairs of tokens, 1 where predictions are even and N ≥ D. */
  readonly scaled: Measured;
  /** What is added to each D_i, as a share of its mean eigenvalue. */
  readonly damping: number;
}

/** Of D^{−1/2} H D^{−1/2} over the same tokens, which lies in [0, 2]. */
export interface WhitenedSpectrum {
  readonly steps: number;
  /** Extremes found, each within `error` of an eigenvalue. */
  readonly smallest: Measured;
  readonly largest: Measured;
  /** Nodes and masses of Lanczos, mean over start vectors. */
  readonly nodes: readonly number[];
  readonly masses: readonly number[];
}

/** Spectra of diagonal blocks on the first half of the groups against the second, among random halves. */
export interface HalvesFinding {
  readonly tokens: readonly number[];
  readonly draws: number;
  /** Wasserstein's distance over the mean eigenvalue, mean over tokens; of random halves the median. */
  readonly distance: number;
  readonly typical: number;
  readonly pValue: number;
}

/** What is read of the spectrum of a block. */
export interface BlockNumbers {
  readonly mean: number;
  readonly largest: number;
  readonly second: number;
  readonly median: number;
}

/**
 * Spectra of diagonal blocks against draws of normal features with the mean and covariance of the given ones. Joint: through the same
 * V, with their own predictions. Independent: with the weights of the given features.
 */
export interface EquivalentFinding {
  /** One of each group. */
  readonly positions: number;
  readonly draws: number;
  /** Features have been through a norm, and so are those drawn. */
  readonly isNormalised: boolean;
  readonly jointPValue: number;
  /** Shown, not judged: weights depend on the features. */
  readonly independentPValue: number;
  readonly blocks: readonly {
    readonly token: number;
    readonly rank: number;
    readonly given: BlockNumbers;
    /** Medians over the draws. */
    readonly joint: BlockNumbers;
    readonly independent: BlockNumbers;
  }[];
  /** That features of another kind would be told from normal ones at this level; none where the given ones are. */
  readonly powers: readonly {
    readonly against: string;
    readonly power: number;
    readonly draws: number;
    readonly interval: readonly [number, number];
  }[];
}

export interface HeadResult {
  readonly kind: 'head';
  /** Of this program. */
  readonly version: string;
  /** Given words for this head, and its training step. */
  readonly label: string | null;
  readonly step: number | null;
  readonly files: Readonly<Record<string, string>>;
  readonly samples: number;
  readonly classes: number;
  readonly dimension: number;
  readonly groups: number;
  /** Numbers of samples of the batches that were taken. */
  readonly batches: readonly number[];
  readonly backend: string;
  readonly seed: string;
  /** D/N. */
  readonly aspectRatio: number;
  /** Mean of −log p over the targets. */
  readonly loss: number | null;
  /** Of the Hessian on these samples; of batches their mean. */
  readonly sample: BlockRatio;
  /** Of the population that the samples come from; null where all are of one group. */
  readonly population: PopulationRatio | null;
  /** Of the mean prediction, and of the targets or counts given; null where all mass is on one class, or none are given. */
  readonly unigram: { readonly predictions: UnigramPrediction | null; readonly targets: UnigramPrediction | null };
  readonly initialisation: InitialisationFinding | null;
  readonly tied: TiedFinding | null;
  readonly whitened: WhitenedFinding | null;
  readonly spectrum: WhitenedSpectrum | null;
  readonly halves: HalvesFinding | null;
  readonly equivalent: EquivalentFinding | null;
  readonly statements: readonly HeadStatement[];
  /** Thinned to at most 400 ranks, evenly in their logarithm. */
  readonly rows: readonly HeadRow[];
  readonly notes: readonly string[];
}
