/**
 * The sums that conditional expectations spend their time in, over a batch of cubature points. A field has a number for
 * each point of the batch; row r of a matrix of fields begins at r·`stride`. theory/ has plain loops for them
 * (`plainKernels`); whoever computes many expectations may hand in faster ones.
 */
export interface CubatureKernels {
  /** Fields of one V. They are the caller's until fields are asked for again. */
  readoutFields(request: ReadoutFieldsRequest): ReadoutFields;
  /** Several products of fields. They are the caller's until products are asked for again. */
  fieldProducts(requests: readonly FieldProductsRequest[]): FieldProducts[];
}

export interface ReadoutFieldsRequest {
  /** V, C×m, row-major. */
  readonly readout: ArrayLike<number>;
  readonly classes: number;
  readonly width: number;
  /** Most points of a batch. */
  readonly length: number;
  /** Columns k of V whose mean E_p[v_·k] is wanted. */
  readonly columns: readonly number[];
  /** Pairs of positions in `columns` whose covariance Cov_p(v_·k, v_·l) is wanted. */
  readonly pairs: readonly (readonly [number, number])[];
}

/** p = softmax(V h) at a batch of points, and moments of the rows of V under it. */
export interface ReadoutFields {
  readonly stride: number;
  /** h, m rows, written by the caller. */
  readonly features: Float64Array;
  /** C rows. */
  readonly probabilities: Float64Array;
  /** A row for each of `columns`. */
  readonly means: Float64Array;
  /** A row for each of `pairs`; about the means, so that nothing cancels where one class has all the probability. */
  readonly covariances: Float64Array;
  /** Computes all of the first `count` points from their features. Logits of any size are safe. */
  update(count: number): void;
}

export interface FieldProductsRequest {
  readonly rows: number;
  readonly columns: number;
  /**
   * Sums are of products with two fields: a column k and an l of as many others, or an l ≤ k of the columns themselves
   * ('own'). With one without.
   */
  readonly others?: number | 'own';
  /** Most points of a batch. */
  readonly length: number;
}

/** Inner products over points of one list of fields with another or with products of two, summed over batches. */
export interface FieldProducts {
  readonly stride: number;
  /** `rows` fields, `columns` fields and the others, written by the caller. */
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly others: Float64Array;
  /** A row for each of `rows`: columns, or pairs k, l with l running faster; 0 at first. */
  readonly sums: Float64Array;
  /** sums[i, k] += Σ left_i right_k over the first `count` points; sums[i, kl] += Σ left_i right_k others_l. */
  add(count: number): void;
}
