/**
 * What is seen of a network's Hessian at one mark of its training, on one set of data. Types only.
 *
 * H = GN + R: Gauss–Newton, and the part that carries the residual r_n = p − y (cross-entropy) or f − y (squared
 * error). With D_i = diag(σ′(u_n,i)) and S_i = (1/N) Xᵀ D_i r (d×C), block (w_i, v_j) is K (curvature) plus column j of
 * S_i in its column i; block (w_i, w_i) has a residual part only where σ is curved.
 */

import type { Layer } from '../../theory/names.js';

/** Plain data: kept in a journal as it is. Squared norms are Frobenius norms. */
export interface MarkObservation {
  /** Updates made. */
  readonly step: number;
  readonly data: 'train' | 'fresh';
  readonly loss: number;
  readonly accuracy: number;
  /** (1/N) Σ‖r_n‖². */
  readonly residualPower: number;
  /** ‖∂L/∂θ‖², of all parameters; ‖S‖² of the linear model, S = (1/N) Xᵀ r. */
  readonly gradientPower: number;
  /** Of the hidden model; null for models without cross-layer blocks. */
  readonly cross: CrossObservation | null;
  /** Blocks of the layer that multiplies the inputs (w–w; v–v of the linear model), and of the readout above features. */
  readonly layers: readonly LayerObservation[];
  /** Share of ‖H‖²_F in the cross-layer blocks, both triangles; null without any. */
  readonly crossShare: number | null;
  /** Of the whole Hessian; null when its order exceeds `largestSpectrumOrder`. */
  readonly spectrum: {
    readonly order: number;
    readonly smallest: number;
    readonly negative: number;
    /** Ascending; 64 at most. */
    readonly lowest: readonly number[];
  } | null;
  readonly units: readonly UnitObservation[];
  /** Between units; null of more than 64, or without any. */
  readonly overlaps: UnitOverlaps | null;
  readonly blocks: readonly WeightedBlockObservation[];
  /** Both sides of every statement that must hold whatever the network. */
  readonly exact: readonly ExactStatement[];
  /** Units that no sample opens: skipped in ratios, kept in sums. */
  readonly dead: readonly number[];
}

export interface CrossObservation {
  /** ‖R‖² = Σ_i ‖S_i‖². */
  readonly residual: number;
  /** ‖K‖². */
  readonly curvature: number;
  /** ⟨R, K⟩. */
  readonly inner: number;
  /** ‖R + K‖². */
  readonly total: number;
  /**
   * Σ_i max(‖∂w_i‖²/‖v_i‖², ‖∂v_i‖²/‖w_i‖²) ≤ ‖R‖²: the part that the gradient holds; through units that are no gates
   * the first of each pair alone.
   */
  readonly lowerBound: number;
  /** Σ_i Λ_i (1/N) Σ‖r_n‖² ≥ ‖R‖², over the samples n where σ′(u_n,i) ≠ 0: of gates, Σ_i Λ_i ‖D_i r‖²/N. */
  readonly upperBound: number;
}

export interface LayerObservation {
  readonly layer: Layer;
  /** Number of units or classes. */
  readonly count: number;
  /** Mean squared norm of a diagonal and of an off-diagonal block, over live units. */
  readonly diagonal: number;
  readonly offDiagonal: number;
  /** Σ over all blocks, dead units included. */
  readonly total: number;
  /**
   * Squared norms of all blocks, count×count, row by row; null beyond 64, and where they are summed without being formed
   * one by one.
   */
  readonly norms: readonly (readonly number[])[] | null;
}

/** m×m, row by row. */
export interface UnitOverlaps {
  /** v_i·v_j, columns of V. */
  readonly readout: readonly (readonly number[])[];
  /** (1/N) Σ σ′(u_i) σ′(u_j): the share of samples at which both gates are open. */
  readonly slopes: readonly (readonly number[])[];
}

/** Hidden unit i. */
export interface UnitObservation {
  /** ‖w_i‖², ‖v_i‖². */
  readonly weightPower: number;
  readonly readoutPower: number;
  /** (1/N) Σ σ′(u)²: the share of open gates for gated activations. */
  readonly slopePower: number;
  /** Λ_i = λ_max(Xᵀ D_i² X/N). */
  readonly largestGram: number;
  /** ‖D_i r‖²/N. */
  readonly residualPower: number;
  /** ‖∂L/∂w_i‖², ‖∂L/∂v_i‖². */
  readonly weightGradient: number;
  readonly readoutGradient: number;
  /**
   * Singular values of S_i, descending, min(d, C) of them, from a Gram: their squares are good to rounding of σ_1², so
   * that values below 1e-8 σ_1 are not told from zero.
   */
  readonly singularValues: readonly number[];
  /**
   * Eigenvalues of Σ_i = (1/N) rᵀ D_i² r, ascending; its largest min(C, 512) ones. Its trace is `residualPower`: what is
   * left out of that is in the smaller ones.
   */
  readonly residualSpectrum: readonly number[];
  /** ‖S_i‖² off the directions over its expectation given r, and that in standard deviations; null for a dead unit. */
  readonly residualRatio: number | null;
  readonly residualScore: number | null;
}

/** A block (1/N) Σ a_n x_n x_nᵀ, diagonal (0, 0) or off-diagonal (0, 1) among live units. */
export interface WeightedBlockObservation {
  readonly layer: Layer;
  readonly i: number;
  readonly j: number;
  /** E a, E a². */
  readonly mean: number;
  readonly power: number;
  /**
   * Σ a_n(‖y_n‖² − d′)/√(2 d′ Σ a_n²), y_n the inputs off the directions: mean 0, variance 1 given a;
   * null where the directions span all inputs.
   */
  readonly traceScore: number | null;
  /**
   * The weights a, gathered to at most 64 nodes and 0 such that the distribution function of their law moves by `error`
   * (`observeNetwork`); null where no theory is at hand.
   */
  readonly weights: {
    readonly nodes: readonly number[];
    readonly masses: readonly number[];
    readonly error: number;
  } | null;
  /**
   * Kolmogorov distance of the spectrum from the law given the drawn weights, and given the layers with fresh inputs,
   * where that law is known (`observeNetwork` in src/draws/train); null unless asked for, and of a block that vanishes.
   */
  readonly distances: { readonly drawnWeights: number; readonly layers: number | null } | null;
}

export type StatementId =
  | 'E1'
  | 'E2-weights'
  | 'E2-readout'
  | 'E3-outputs'
  | 'E3-curvature'
  | 'E3-gradient'
  | 'E3-shift-cross'
  | 'E3-shift'
  | 'E4'
  | 'E5-lower'
  | 'E5-upper'
  | 'E6-residual'
  | 'E6'
  | 'E7-smallest'
  | 'E7-negative'
  | 'E7-rank'
  | 'E7-loss'
  | 'E8'
  | 'E9';

/**
 * A statement with two sides; `holds` allows for rounding and nothing else. Of a statement that is said of every unit,
 * the unit that comes nearest to breaking it. With u_i = (w_i, −v_i), and σ gated where σ(u) = σ′(u)u, σ′ ∈ {0, 1}:
 *
 * | id | statement | needs |
 * | --- | --- | --- |
 * | E1 | the spectrum of R is ±σ_k(S_i) and zeros (in squares) | σ″ = 0, matrix |
 * | E2-weights | S_i v_i = ∂L/∂w_i | |
 * | E2-readout | S_iᵀ w_i = ∂L/∂v_i | gates |
 * | E3-outputs | J u_i = 0, sample by sample | gates |
 * | E3-curvature | GN u_i = 0 | gates, matrix |
 * | E3-gradient | H u_i = (−∂L/∂w_i, ∂L/∂v_i) | gates, matrix |
 * | E3-shift-cross | Σ_j of the columns k of blocks (w_i, v_j) = 0 | cross-entropy |
 * | E3-shift | H(1_C ⊗ e_k) = 0 | cross-entropy, spectrum |
 * | E4 | nullity of GN ≥ m for gates, and m more for cross-entropy | σ″ = 0, matrix |
 * | E5-lower, E5-upper | lowerBound ≤ ‖R‖² ≤ upperBound | |
 * | E6-residual | (1/N) Σ‖r_n‖² ≤ ψ(L), or 2L | theory |
 * | E6 | upperBound ≤ Σ_i Λ_i ψ(L), or 2L | theory |
 * | E7-smallest | −λ_min(H) ≤ max σ_1(S_i) | σ″ = 0, spectrum |
 * | E7-negative | n₋(H) ≤ n₋(R), or the right side of E7-rank without the matrix | σ″ = 0, spectrum |
 * | E7-rank | n₋(R) ≤ m·min(d, C), C − 1 for cross-entropy | σ″ = 0, matrix |
 * | E7-loss | max σ_1(S_i) ≤ √(max Λ_i ψ(L)), or 2L | theory |
 * | E8 | ‖w_i‖² − ‖v_i‖² moved by Σ η²(‖∂w_i‖² − ‖∂v_i‖²) | gates, plain gradient steps |
 * | E9 | ‖H_{w_iw_j}‖² = (v_i·v_j)² ‖(1/N) Σ σ′_i σ′_j x xᵀ‖² | squared error, σ″ = 0, m ≤ 64 |
 *
 * Spectrum, matrix: up to `largestSpectrumOrder` and `largestMatrixOrder` of the options. Theory: where it is at hand,
 * in src/draws/train.
 */
export interface ExactStatement {
  readonly id: StatementId;
  /** The unit it is said of, or null for the whole. */
  readonly unit: number | null;
  readonly left: number;
  readonly right: number;
  /** Size of what is compared: |left − right|/scale is a relative error. */
  readonly scale: number;
  readonly relation: 'equal' | 'at most';
  /** Absolute error that rounding may make of left − right. */
  readonly rounding: number;
  readonly holds: boolean;
}
