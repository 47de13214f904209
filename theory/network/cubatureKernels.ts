import type { ActivationFunctions } from './activationFunctions.js';

/**
 * What conditional expectations spend their time in, over a batch of cubature points: one hidden layer, the softmax above
 * it, and sums over points. A field has a number for each point of the batch; row r of a matrix of fields begins at
 * r·`stride`. theory/ has plain loops for it (`plainKernels`); whoever computes many expectations may hand in faster
 * ones.
 */
export interface CubatureKernels {
  /** The fields are the caller's until a cubature is asked for again. */
  cubature(request: CubatureRequest): Cubature;
}

export interface CubatureRequest {
  /** m: entries of a point z, units of the layer, columns of V. */
  readonly width: number;
  /** Most points of a batch. */
  readonly length: number;
  /** The layer h = σ(u), u = A z. Without one h is z. */
  readonly layer?: {
    /** A, m×m, row-major. */
    readonly factor: ArrayLike<number>;
    readonly activation: ActivationFunctions;
    /** Units whose σ′(u) is wanted. */
    readonly slopes: readonly number[];
  };
  /** The probabilities p = softmax(V h). Without it there are none. */
  readonly readout?: {
    /** V, C×m, row-major. */
    readonly entries: ArrayLike<number>;
    readonly classes: number;
    /** Columns k of V whose mean E_p[v_·k] is wanted. */
    readonly columns: readonly number[];
    /** Pairs of positions in `columns` whose covariance Cov_p(v_·k, v_·l) is wanted. */
    readonly pairs: readonly (readonly [number, number])[];
  };
  readonly products?: readonly FieldProductsRequest[];
}

/** z or h. */
export type PointFields = 'points' | 'features';

export interface FieldProductsRequest {
  readonly rows: number;
  readonly columns: PointFields;
  /**
   * Sums are of products with two fields: a column k and any l of these, or an l ≤ k of the columns themselves ('own').
   * With one without.
   */
  readonly others?: PointFields | 'own';
}

export interface Cubature {
  readonly stride: number;
  /** z, m rows, written by the caller. */
  readonly points: Float64Array;
  /** u, m rows; none without a layer. */
  readonly preactivations: Float64Array;
  /** h, m rows. */
  readonly features: Float64Array;
  /** A row for each of `slopes`. */
  readonly slopes: Float64Array;
  /** C rows. */
  readonly probabilities: Float64Array;
  /** A row for each of `columns`. */
  readonly means: Float64Array;
  /** A row for each of `pairs`; about the means, so that nothing cancels where one class has all the probability. */
  readonly covariances: Float64Array;
  readonly products: readonly FieldProducts[];
  /** Computes all other fields of the first `count` points. Logits of any size are safe. */
  update(count: number): void;
}

/** Inner products over points of one list of fields with another or with products of two, summed over batches. */
export interface FieldProducts {
  /** `rows` fields, written by the caller. */
  readonly left: Float64Array;
  /** A row for each of `rows`: columns, or pairs k, l with l running faster; 0 at first. */
  readonly sums: Float64Array;
  /** sums[i, k] += Σ left_i column_k over the first `count` points; sums[i, kl] += Σ left_i column_k other_l. */
  add(count: number): void;
}
