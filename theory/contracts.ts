/**
 * The vocabulary that theory, simulations and figures share. Types only: importing this file never pulls in code.
 */

export type { ActivationName, BlockKind, InitialisationName, Layer, Loss, Model } from './names.js';

/** A finite discrete probability measure: ascending distinct nodes, positive masses that sum to 1. */
export interface DiscreteMeasure {
  readonly nodes: Float64Array;
  readonly masses: Float64Array;
}

export interface Complex {
  readonly re: number;
  readonly im: number;
}

export interface Atom {
  readonly at: number;
  readonly mass: number;
}

export type Interval = readonly [lower: number, upper: number];

/** How a law was obtained and how far it may be trusted. */
export interface LawDiagnostics {
  readonly converged: boolean;
  /** Largest residual of the defining equation met so far, relative. 0 for a closed form. */
  readonly residual: number;
  /** Number of nodes of the weight measure in use (0 for a closed form). */
  readonly nodes: number;
  /** Anything a reader should know, in plain sentences. */
  readonly notes: readonly string[];
}

/**
 * A limit spectral distribution on the real line: finitely many intervals with a density, plus atoms.
 * `cdf(x)` is P(λ ≤ x), `survival(x)` is P(λ > x); both contain the atoms and each keeps its digits in its own tail.
 */
export interface SpectralLaw {
  readonly aspectRatio: number;
  readonly support: readonly Interval[];
  readonly atoms: readonly Atom[];
  density(x: number): number;
  cdf(x: number): number;
  survival(x: number): number;
  /** `density` at each of the ascending points; the same numbers. */
  densities(points: Float64Array): Float64Array;
  /** `cdf` at each of the ascending points; the same numbers. */
  cdfs(points: Float64Array): Float64Array;
  quantile(p: number): number;
  /** k-th raw moment, k ≥ 0. */
  moment(k: number): number;
  /** Stieltjes transform ∫ (λ − z)^{-1} dμ(λ); for real z outside the support, or Im z > 0. */
  stieltjes(z: Complex): Complex;
  readonly diagnostics: LawDiagnostics;
}

/** An eigenvalue predicted outside the support of the bulk law. */
export interface Outlier {
  readonly at: number;
  readonly multiplicity: number;
  /** Which side of which part of the bulk it leaves: below everything, above everything, or in a gap. */
  readonly side: 'below' | 'above' | 'gap';
}

/** How the entries of one layer's weight matrix are drawn: mean 0, variance `varianceFactor` / fan-in. */
export interface LayerInitialisation {
  readonly varianceFactor: number;
  readonly distribution: 'normal' | 'uniform';
}
