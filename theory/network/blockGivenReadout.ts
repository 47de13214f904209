import type { ActivationName, Loss } from '../contracts.js';
import type { ActivationFunctions } from './activationFunctions.js';
import type { CubatureKernels } from './cubatureKernels.js';

/** A block of a model with one hidden layer, its readout V given: what its weights or its mean depend on. */
export interface BlockGivenReadout {
  readonly loss: Loss;
  readonly activation: ActivationName | ActivationFunctions;
  /** V as drawn, C×m, row-major. */
  readonly readout: ArrayLike<number>;
  /** C. */
  readonly classes: number;
  /** m. */
  readonly width: number;
  /** The block's hidden units, or classes of an output block; i = j is the diagonal block. */
  readonly i: number;
  readonly j: number;
  /** m×m covariance of the pre-activations, W Wᵀ as drawn; default `varianceFactor` times the identity, its limit. */
  readonly preactivationGram?: ArrayLike<number>;
  /** Variance of W's entries times d; used when no Gram is given. Default 1 (LeCun). */
  readonly varianceFactor?: number;
  /** Who computes sums over classes and over points of a cubature; plain loops by default. */
  readonly kernels?: CubatureKernels;
}
