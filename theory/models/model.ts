import type {
  ActivationName,
  BlockKind,
  InitialisationName,
  Layer,
  Loss,
  Model,
  Outlier,
  SpectralLaw,
} from '../contracts.js';
import type { Curvature } from '../names.js';
import type { BulkLaw } from '../gmp/bulkLaw.js';
import type { GmpLaw, WeightLaw } from '../gmp/index.js';
import type { CubatureOptions } from '../outliers/outliersOfWeightFunction.js';
import type { EstimatedOutlier } from '../outliers/cubatureOutliers.js';
import type { EstimatedMeasure } from '../weights/estimatedMeasure.js';
import type { OpenWeights } from '../weights/gatedNormalWeights.js';
import type { SoftmaxScaling } from '../weights/softmaxMoment.js';

/**
 * What theory says of a model: the theory side of the model contract. A model implements it in a folder of its own and
 * stands in `modelTheories`; its layers and what its settings must say are words, and stand in theory/names.ts. The
 * doors (`blockLaw`, `frobeniusRatio`, `outliersOfModel`) check what is common to all models, by `requireSetting`, and
 * ask the model, which checks what is its own.
 *
 * `Layers` is a block (i, j) with as much of the layers as drawn as the model's laws can be given; a covariance that is
 * absent is at its limit.
 */
export interface ModelTheory<Layers> {
  /** The limit law of a block, or the reason why there is none. */
  readonly blockLaw: (spec: BlockLawSpec) => BlockLaw;
  /** The limit law of the whole Hessian, or the reason why there is none. */
  readonly wholeLaw: (setting: ModelSetting) => BlockLaw;
  /** The Frobenius ratio of a layer with its limit and rate, and the reason where the limit is infinite. */
  readonly frobeniusRatio: (spec: FrobeniusRatioSpec) => FrobeniusRatio;
  /** The law of the weights of a block given its layers. */
  readonly weightsGivenLayers: (layers: Layers, points?: number) => EstimatedMeasure;
  /** Outliers of a block given its layers, ascending. */
  readonly outliersGivenLayers: (layers: Layers, options: OutlierOptions) => EstimatedOutlier[];
}

/** What a model is asked about, whatever is asked. */
export interface ModelSetting {
  readonly model: Model;
  readonly loss: Loss;
  /** One of the model's layers (`layersOf`). */
  readonly layer: Layer;
  /** C ≥ 2, or Infinity. */
  readonly classes: number;
  /** m; needed by the models whose settings have it. Off-diagonal hidden blocks need m ≥ 2. */
  readonly width?: number;
  /** n_1 … n_L; needed by the deep model. */
  readonly widths?: readonly number[];
  /** d/N. The output blocks of the hidden model do not depend on it (N → ∞ at fixed m). */
  readonly aspectRatio: number;
  /** Default `paperActivation`. Ignored by a model without one. */
  readonly activation?: ActivationName;
  /** Default `paperInitialisation`. Not together with `logitVariance`. */
  readonly initialisation?: InitialisationName;
  /**
   * Linear: s², the logit variance. Hidden: the product of both layers' variance factors with normal V, so that t =
   * logitVariance/m; pre-activations then have variance 1 and V carries the rest (which matters to smooth activations
   * only). Deep: that of V, s², with variance factor 2 in every hidden layer.
   */
  readonly logitVariance?: number;
  /** d, used by Xavier's factors and by laws of deep blocks above the first layer; default Infinity. */
  readonly dimension?: number;
}

/** Which block of which model, in the limit or given V. */
export interface BlockLawSpec extends ModelSetting {
  /** On the diagonal or off it. */
  readonly block: BlockKind;
  /** Of the Hessian, the default, or of the empirical Fisher matrix with uniform labels independent of x. */
  readonly curvature?: Curvature;
  /**
   * Linear cross-entropy: 'rate' multiplies by C (diagonal) or C² (off it). Default 'raw', and 'rate' at C = Infinity.
   */
  readonly scaling?: SoftmaxScaling;
  /**
   * Deep: ξ of the pair of units, standard normal over pairs, or all, for the mean spectrum over pairs in the first layer. See
   * `deepOpenWeights`.
   */
  readonly signal?: number | 'all';
  /** Deep, instead of a signal: the weights over the samples for which the units are open, as drawn. */
  readonly open?: Pick<OpenWeights, 'mean' | 'deviation'>;
  /** Deep: share of these samples, as drawn; by default 1/2 on the diagonal, 1/4 off it. */
  readonly openShare?: number;
  /** V as drawn, row-major, C×m or C×d for a linear model: the law of the block given V. */
  readonly readout?: ArrayLike<number>;
  /** Points of the cubature when `readout` is given; see `hiddenWeightsGivenReadout`. */
  readonly points?: number;
  /** Rows of the layer that make the block when `readout` is given; default 0 and 0 (diagonal), 0 and 1 (off it). */
  readonly i?: number;
  /** The second row; see `i`. */
  readonly j?: number;
}

/** A limit law with what it is a law of, or the reason why there is none. */
export interface BlockLaw {
  /** Absent where there is no deterministic limit: `note` says why. */
  readonly law?: SpectralLaw;
  /** The law of the weights it is made from: atoms, a smooth law, or points of a cubature. */
  readonly weights?: WeightLaw;
  /** The law whose inverse map holds off the support, for the outlier equations; see `outlineOf`. */
  readonly outline?: () => GmpLaw;
  /** Outliers of the law in its own units, ascending; empty where there are none, absent where none are known. */
  readonly outliers?: (options?: CubatureOptions) => readonly Outlier[];
  /** s² in use, for linear cross-entropy. */
  readonly logitVariance?: number;
  /** Variance of a pre-activation in use, for hidden squared error. */
  readonly hiddenFactor?: number;
  /** What the eigenvalues are multiplied by or measured in, when not themselves. */
  readonly scale?: string;
  /**
   * Eigenvalues of the fixed-size limit matrix, where the block is one (output blocks of the hidden model under squared
   * error).
   */
  readonly eigenvalues?: readonly number[];
  /** Why there is no deterministic limit law, or what to mind about this one. */
  readonly note?: string;
}

/** The ratio of which layer, and how much work it may cost. */
export interface FrobeniusRatioSpec extends ModelSetting {
  /**
   * Roughly the number of multiplications spent where no closed form is known; default 2e8 for hidden blocks, 4e8 for
   * those whose limit diverges, 2e7 for output blocks.
   */
  readonly effort?: number;
}

/** r of a layer at this C with its error, its rate in C and its limit. */
export interface FrobeniusRatio {
  /**
   * r = E‖H_off‖²_F / E‖H_diag‖²_F, a ratio of expectations over V, W and x, in the limit d → ∞ at this C. At C =
   * Infinity 0, or what the widths of a deep network leave of it.
   */
  readonly ratio: number;
  /** Standard error of `ratio`, or of a deep network the size of what it leaves out; 0 where it is exact. */
  readonly ratioError: number;
  /** C^exponent · r. */
  readonly scaled: number;
  /** The rate: r falls like C^{−exponent}. */
  readonly exponent: 1 | 2;
  /** Limit of `scaled` as C → ∞ with m fixed; may be Infinity. */
  readonly limit: number;
  /** Why a limit is infinite, or a ratio exactly zero. */
  readonly reason?: string;
  /**
   * Hidden squared error with ReLU and normal V: E[‖H_off‖²/‖H_diag‖²], the expectation of the ratio, C − 2 in place of
   * C + 2; Infinity for C ≤ 2.
   */
  readonly expectationOfRatio?: number;
}

export interface OutlierOptions extends CubatureOptions {
  /** Bulk law of the block, in the block's own units. */
  readonly law: BulkLaw;
}
