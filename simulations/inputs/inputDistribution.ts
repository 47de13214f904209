/**
 * The distributions inputs may have, as data. Every one has mean 0 and average variance 1 a coordinate unless it says
 * otherwise.
 */
export type InputDistribution =
  | { readonly kind: 'gaussian' }
  /** Σ_ij = correlation^|i−j|: a stationary autoregression along the coordinates. */
  | { readonly kind: 'toeplitz'; readonly correlation: number }
  /** N(0, Σ) for a given symmetric positive semidefinite d×d matrix, row-major. */
  | { readonly kind: 'covariance'; readonly matrix: Float64Array }
  /**
   * μ_k + z: equally likely centres of length `separation`, directions drawn uniformly with each draw. Covariance I + a
   * finite-rank part.
   */
  | { readonly kind: 'mixture'; readonly components: number; readonly separation: number }
  /**
   * Student t with `degrees` > 2 degrees of freedom, scaled to variance 1. `independent`: each coordinate by itself.
   * `shared`: one radius for the whole input (multivariate t), so that the coordinates are uncorrelated but dependent.
   */
  | { readonly kind: 'student'; readonly degrees: number; readonly radius: 'independent' | 'shared' }
  /** Uniform on the sphere of radius √d. */
  | { readonly kind: 'sphere' }
  /** Independent ±1. */
  | { readonly kind: 'rademacher' }
  /** Rows of a data set (count×d, row-major), N of them chosen without replacement. */
  | { readonly kind: 'data'; readonly rows: Float64Array; readonly count: number; readonly standardise: boolean };
