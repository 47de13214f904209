export interface LogSumPair {
  /** C ≥ 2. */
  readonly classes: number;
  /** θ and θ′, variances of the logits z_c and z′_c, above 0. */
  readonly own: number;
  readonly other: number;
  /** g, their covariance; g² ≤ θθ′. */
  readonly shared: number;
}
