/**
 * The vocabulary that theory, simulations and figures share. Types only: importing this file never pulls in code.
 */

export type { ActivationName, BlockKind, InitialisationName, Layer, Loss, Model } from './names.js';

/** A finite discrete probability measure. */
export interface DiscreteMeasure {
  /** Ascending and distinct. */
  readonly nodes: Float64Array;
  /** Of each node; positive, with sum 1. */
  readonly masses: Float64Array;
}

/** re + i·im. */
export interface Complex {
  /** Real part. */
  readonly re: number;
  /** Imaginary part. */
  readonly im: number;
}

/** A point that has mass of its own. */
export interface Atom {
  /** Where it lies. */
  readonly at: number;
  /** P(λ = at), above 0 and at most 1. */
  readonly mass: number;
}

/** Its ends, the lower first. */
export type Interval = readonly [lower: number, upper: number];

/** How a law was obtained and how far it may be trusted. */
export interface LawDiagnostics {
  /** Whether the defining equation was solved to its tolerance wherever it was asked. */
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
 *
 * @example
 * ```ts
 * import { marchenkoPastur } from 'limitlaw/theory';
 *
 * const law = marchenkoPastur(2); // d/N = 2: half of the eigenvalues are 0
 * law.support; // → [[0.1716, 5.828]]
 * law.atoms; // → [{ at: 0, mass: 0.5 }]
 * law.cdf(0); // → 0.5
 * law.survival(5); // → 0.01705
 * law.quantile(0.75); // → 1.661
 * law.moment(2); // → 3
 * ```
 */
export interface SpectralLaw {
  /** γ = d/N, dimension over samples. */
  readonly aspectRatio: number;
  /** The intervals that have a density, ascending and disjoint; an atom may lie outside them. */
  readonly support: readonly Interval[];
  /** Points with mass, ascending: 0 where d > N or weights vanish. */
  readonly atoms: readonly Atom[];
  /**
   * Density with respect to length of the part without atoms; 0 outside the support, Infinity where it diverges (at a hard
   * edge at 0).
   */
  density(x: number): number;
  /** P(λ ≤ x), atoms included; keeps its digits where it is small. */
  cdf(x: number): number;
  /** P(λ > x), atoms included; keeps its digits where it is small, which 1 − cdf(x) does not. */
  survival(x: number): number;
  /** `density` at each of the ascending points; the same numbers. */
  densities(points: Float64Array): Float64Array;
  /** `cdf` at each of the ascending points; the same numbers. */
  cdfs(points: Float64Array): Float64Array;
  /**
   * The x with cdf(x) = p, for 0 ≤ p ≤ 1: the lower end of the law at p = 0, its upper end at p = 1, an atom for all p that
   * it covers.
   */
  quantile(p: number): number;
  /** k-th raw moment ∫ x^k dμ(x), k ≥ 0 and whole; atoms included. */
  moment(k: number): number;
  /** Stieltjes transform ∫ (λ − z)^{-1} dμ(λ); for real z outside the support, or Im z > 0. */
  stieltjes(z: Complex): Complex;
  /** How it was computed, so far: what is asked later may add to it. */
  readonly diagnostics: LawDiagnostics;
}

/** An eigenvalue predicted outside the support of the bulk law. */
export interface Outlier {
  /** Its limit. */
  readonly at: number;
  /** How many eigenvalues tend to it. */
  readonly multiplicity: number;
  /** Which side of which part of the bulk it leaves: below everything, above everything, or in a gap. */
  readonly side: 'below' | 'above' | 'gap';
}

/** How the entries of one layer's weight matrix are drawn: mean 0, variance `varianceFactor` / fan-in. */
export interface LayerInitialisation {
  /** 1 LeCun, 2 He, 1/3 PyTorch's default. */
  readonly varianceFactor: number;
  /** Shape of an entry's law at that variance. */
  readonly distribution: 'normal' | 'uniform';
}
