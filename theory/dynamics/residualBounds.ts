import { UsageError } from '../errors.js';
import type { Loss } from '../names.js';
import { requireClasses, requirePositiveInteger } from '../requirements.js';
import { lossEnvelope } from './lossEnvelope.js';

/** What the bounds of a residual part are made from. */
export interface ResidualBoundsOptions {
  readonly loss: Loss;
  /** L over the data that the Hessian is of; the squared error is (1/2N) Σ‖f − y‖². */
  readonly meanLoss: number;
  /** Λ_i = λ_max(Xᵀ D_i² X/N) of every hidden unit, D_i = diag(σ′(u_n,i)). */
  readonly largestGrams: ArrayLike<number>;
}

/** Upper bounds, true of every network of this loss and these Λ. */
export interface ResidualBounds {
  /** Of (1/N) Σ‖r_n‖²: ψ(L) for cross-entropy, 2L (equal to it) for squared error. */
  readonly residualPower: number;
  /** Of ‖R‖² = Σ_i ‖S_i‖²_F, hence of the residual part of the cross-layer blocks (one triangle). */
  readonly residualPart: number;
  /**
   * Of every singular value of every S_i, and where σ″ = 0 of −λ_min(H): a curved σ adds a residual part to the blocks
   * (w_i, w_i).
   */
  readonly negativeCurvature: number;
}

/**
 * Bounds of the residual part R of a hidden model's Hessian by its loss. S_i = (1/N) (Xᵀ D_i) r has ‖S_i‖²_F ≤ Λ_i
 * ‖r‖²/N, and the eigenvalues of R are ± the singular values of the S_i and zeros. Hence ‖R‖² ≤ (Σ_i Λ_i) ‖r‖²/N, and
 * λ_min(H) ≥ −√(max_i Λ_i ‖r‖²/N), H − R being nonnegative. True of every network, activation and data; sharp in L
 * (`lossEnvelope`), not in Λ: bounds, no predictions.
 *
 * @throws UsageError for a loss that is negative or no number, or Λ that are none
 */
export function residualBounds({ loss, meanLoss, largestGrams }: ResidualBoundsOptions): ResidualBounds {
  if (!(meanLoss >= 0))
    throw new UsageError(`residualBounds: meanLoss must be a number of at least 0, got ${meanLoss}`);
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < largestGrams.length; i++) {
    if (!(largestGrams[i] >= 0))
      throw new UsageError(
        `residualBounds: largestGrams must be numbers of at least 0, entry ${i} is ${largestGrams[i]}`,
      );
    sum += largestGrams[i];
    largest = Math.max(largest, largestGrams[i]);
  }
  const residualPower = residualPowerBound(loss, meanLoss);
  return {
    residualPower,
    residualPart: sum * residualPower,
    negativeCurvature: Math.sqrt(largest * residualPower),
  };
}

/** ‖r‖²/N is twice the squared error, and at most ψ of the cross-entropy. */
function residualPowerBound(loss: Loss, meanLoss: number): number {
  switch (loss) {
    case 'ce':
      return lossEnvelope(meanLoss);
    case 'mse':
      return 2 * meanLoss;
  }
}

/**
 * The most negative eigenvalues that the Hessian of a hidden model with σ″ = 0 can have: those of R, m·min(d, C), where
 * cross-entropy takes one class away because its residuals sum to 0 over the classes.
 *
 * @throws UsageError for sizes that are no whole numbers
 */
export function mostNegativeEigenvalues(options: {
  readonly loss: Loss;
  readonly dimension: number;
  readonly width: number;
  readonly classes: number;
}): number {
  const { loss, dimension, width, classes } = options;
  requirePositiveInteger('mostNegativeEigenvalues', 'dimension', dimension);
  requirePositiveInteger('mostNegativeEigenvalues', 'width', width);
  requireClasses('mostNegativeEigenvalues', classes);
  return width * Math.min(dimension, loss === 'ce' ? classes - 1 : classes);
}
