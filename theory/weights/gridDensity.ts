/** A density on a uniform grid, smooth and negligible at both ends, so that `step`·Σ is its integral to rounding. */
export interface GridDensity {
  readonly points: Float64Array;
  readonly step: number;
  readonly density: Float64Array;
}

export interface LogRatioOptions {
  /** n ≥ 1, the number of lognormals in the denominator. */
  readonly count: number;
  /** s², variance of the logits in the denominator. */
  readonly logitVariance: number;
  /** σ², variance of the normal numerator. */
  readonly numeratorVariance: number;
  /** Right tail: E[e^{kW}] keeps its digits for k up to this. */
  readonly largestTilt: number;
  /** Spacing of the grid; halve it to check convergence. */
  readonly step: number;
}
