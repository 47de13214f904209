/** A weight that depends on a label of the sample too, which is independent of the inputs. */
export interface LabelledWeight {
  /** Probabilities of the labels. */
  readonly labelMasses: ArrayLike<number>;
  /**
   * Fills `weights` with the weight of a sample for each label, given its coordinates along the projection directions.
   */
  readonly weightsOf: (coordinates: Float64Array, weights: Float64Array) => void;
}
