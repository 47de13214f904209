/** What a sweep asks of a worker, and what a worker answers. */
import type { LayerInitialisation } from '../../../theory/contracts.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import type { SweepSpectrum } from '../../../figures/sweepResult.js';
import type { InputsAtPoint } from '../../specification/expandSpec.js';
import type { BlockName, Layer } from '../../../theory/names.js';
import type { ComparisonName } from '../../specification/spec.js';

export interface SweepTask {
  readonly point: number;
  readonly replicate: number;
  readonly settings: DrawSettings;
  readonly expression: { readonly text: string; readonly kinks: readonly number[] } | undefined;
  readonly layers: { readonly [layer in Layer]?: LayerInitialisation } | undefined;
  /** With numbers in place of rules and an absolute file name. */
  readonly inputs: InputsAtPoint;
  /** C of the claimed limit law. */
  readonly claimedClasses: number;
  readonly blocks: readonly BlockName[];
  readonly compare: readonly ComparisonName[];
  /** Fresh draws of each null. */
  readonly nulls: number;
  readonly seed: string;
  /** Keep the spectra, with the curves of their laws, for figures. */
  readonly picture?: true;
}

export interface SweepBlockResult {
  readonly block: BlockName;
  readonly order: number;
  readonly applies: ApplicableLaw;
  /** Every weight is zero, or the block vanishes identically. */
  readonly vanishes: boolean;
  readonly squaredNorm: number;
  /** Kolmogorov distance to the limit law (given V for a hidden block). */
  readonly law: number | undefined;
  /** To the paper's law given the drawn weights, with fresh Gaussian draws of it. */
  readonly weights: LawDistances | undefined;
  /** To the law that applies, where it is another one. */
  readonly applicable: LawDistances | undefined;
  /** Kolmogorov distance to a law that is no more than an estimate here: no test rests on it. */
  readonly estimate: number | undefined;
  readonly coupling: { readonly distance: number; readonly bound: number; readonly holds: boolean } | undefined;
  /** Of a task that keeps pictures. */
  readonly pictures?: readonly SweepSpectrum[];
  /** Quantiles of the spectrum in units of its root mean square, for draws against draws. */
  readonly shape: readonly number[];
}

export interface SweepTaskResult {
  readonly point: number;
  readonly replicate: number;
  readonly blocks: readonly SweepBlockResult[];
}

/** Of one draw's spectrum. */
export interface LawDistances {
  readonly observed: number;
  readonly nulls: readonly number[];
  /** Of the same null draws to the law with an aspect ratio 5 % larger: what the test could have seen. */
  readonly wrong: readonly number[];
}

export type LawName =
  /** Generalised Marčenko–Pastur given the drawn weights. */
  | 'given weights'
  /** The same with every weight times |x_n|²/d. */
  | 'given weights and radii'
  /** Two coupled equations, with the population covariance. */
  | 'separable'
  /** Separable, of the features' Gaussian equivalent. */
  | 'gaussian equivalent'
  | 'none';

export interface ApplicableLaw {
  readonly name: LawName;
  readonly reason: string;
  /** Where no law is known, a law to set beside the draws: the separable one of the covariance of the data. */
  readonly estimate?: 'separable';
}
