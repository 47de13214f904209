import type { Outlier, SpectralLaw } from '../../../theory/contracts.js';
import type { WeightLaw } from '../../../theory/gmp/index.js';
import type { ModelSetting } from '../../../theory/models/index.js';
import type { NamedLaw } from './namedLaw.js';

/** A law by name. */
export interface StatedLaw {
  /** False for a law that has no aspect ratio. */
  readonly takesAspectRatio: boolean;
  /** Order of the matrix for each coordinate of x: 1, or C for all C·d parameters. */
  readonly copies: number;
  /** The law at d/N with what is known beside it, or why there is none. */
  at(aspectRatio: number): NamedLaw;
  /**
   * The matrices it is the limit of, of this order.
   * @throws UsageError where there are none to draw, or none of this order
   */
  ensemble(order: number): Ensemble;
}

export type FreeParameter = 'scale' | 'aspect-ratio';

/** Random matrices of one size that a law is the limit of: data from which `compare` draws them. */
export type Ensemble = WeightedEnsemble | DrawnWeightsEnsemble | WignerEnsemble | HessianEnsemble;

interface EnsembleLaw {
  /** The limit law at d/N, which a semicircle does not have. */
  readonly law: (aspectRatio: number) => SpectralLaw;
  /** E λ and E λ² at d/N. */
  readonly moments: (aspectRatio: number) => readonly [first: number, second: number];
  /** What may be fitted to a spectrum. */
  readonly free: readonly FreeParameter[];
  /** By how much E λ² grows with d/N, where that is free. */
  readonly slope?: number;
  /** False for a law that has no d/N. */
  readonly takesAspectRatio: boolean;
  /** What the eigenvalues of the law are measured in, when not themselves: then the scale is fitted. */
  readonly units?: string;
  /** Whether gaps of the support are gaps of the law: those between points of a cubature are not. */
  readonly gapsAreReal: boolean;
  /** What fixes the draws beside sizes, scale and seed. */
  readonly fingerprint: readonly ArrayLike<number>[];
  /** Predicted outside the support of N samples, in units of the law. */
  readonly outliers?: (aspectRatio: number, samples: number) => readonly Outlier[];
}

/** (1/N) Σ a_n x_n x_nᵀ with x_n ~ N(0, Σ), the weights independent and of one law. */
export interface WeightedEnsemble extends EnsembleLaw {
  readonly kind: 'weighted';
  readonly weights: WeightLaw;
  /** The d eigenvalues of Σ; absent for the identity. */
  readonly population?: Float64Array;
}

/** The same given the weights: N of them for each draw, or one list for all draws. */
export interface DrawnWeightsEnsemble extends EnsembleLaw {
  readonly kind: 'drawn';
  readonly weights: readonly Float64Array[];
  readonly population?: Float64Array;
}

/** Real symmetric, independent normal entries of variance `variance`/d off the diagonal and twice that on it. */
export interface WignerEnsemble extends EnsembleLaw {
  readonly kind: 'wigner';
  readonly variance: number;
}

/** The whole Hessian of a model at initialisation. */
export interface HessianEnsemble extends EnsembleLaw {
  readonly kind: 'hessian';
  readonly setting: Omit<ModelSetting, 'aspectRatio'>;
  /** Rank of the second derivative of the loss by the logits: C, or C − 1 where their common shift changes nothing. */
  readonly freeLogits: number;
}
