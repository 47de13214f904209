import type { ActivationName, Loss } from '../contracts.js';
import { UsageError } from '../errors.js';
import { activationFunctions, type ActivationFunctions } from '../network/activationFunctions.js';
import type { BulkLaw } from '../gmp/bulkLaw.js';
import type { EstimatedOutlier } from './cubatureOutliers.js';
import { hiddenSquaredErrorOutliers } from './hiddenSquaredErrorOutliers.js';
import { hiddenWeightFunction } from '../network/hiddenWeight.js';
import { gramFactor, multiplyLower } from '../numerics/gramFactor.js';
import { linearCrossEntropyOutliers } from './linearCrossEntropyOutliers.js';
import { type CubatureOptions, outliersOfWeightFunction } from './outliersOfWeightFunction.js';

interface Common extends CubatureOptions {
  /** Bulk law of the block, in the block's own units. */
  readonly law: BulkLaw;
  readonly loss: Loss;
  /** The block (i, j): classes for the linear model, hidden units for the hidden one; i = j is a diagonal block. */
  readonly i: number;
  readonly j: number;
  readonly classes: number;
}

export interface LinearOutliersOptions extends Common {
  readonly model: 'linear';
  /** s²; independent logits, the limit. Needed unless `logitGram` is given. */
  readonly logitVariance?: number;
  /** C×C covariance V Vᵀ of the logits as drawn, row-major. */
  readonly logitGram?: ArrayLike<number>;
}

export interface HiddenOutliersOptions extends Common {
  readonly model: 'hidden';
  readonly activation: ActivationName | ActivationFunctions;
  /** V, C×m row-major: the outliers of a hidden block are those given V. */
  readonly readout: ArrayLike<number>;
  readonly width: number;
  /** m×m covariance of u = Wx, row-major; `varianceFactor` times the identity (the limit) when absent. */
  readonly preactivationGram?: ArrayLike<number>;
  /** Variance of the entries of W times d, used when no Gram matrix is given. Default 1 (LeCun). */
  readonly varianceFactor?: number;
  /**
   * Whether a diagonal block of a smooth activation has its term with the residual and σ″, averaged over uniform
   * labels. Default true.
   */
  readonly residualTerm?: boolean;
}

export type OutliersOfModelOptions = LinearOutliersOptions | HiddenOutliersOptions;

/**
 * Predicted outliers of any d×d block of the two models at initialisation, ascending, each with one standard error of
 * its place (0 for a closed form). Given a Gram matrix as drawn the prediction is the one given the initialisation,
 * else the limit's.
 *
 * Linear squared error has constant weights and none. See `linearCrossEntropyOutliers`, `hiddenSquaredErrorOutliers`
 * and `hiddenWeightFunction` for the equations.
 *
 * @throws UsageError for options that do not fit together; NumericalError when the law is of other weights
 */
export function outliersOfModel(options: OutliersOfModelOptions): EstimatedOutlier[] {
  return options.model === 'linear' ? linearOutliers(options) : hiddenOutliers(options);
}

function linearOutliers(options: LinearOutliersOptions): EstimatedOutlier[] {
  const { law, loss, i, j, classes, logitVariance, logitGram } = options;
  if (loss === 'mse') return [];
  const cubature = cubatureOf(options);
  if (logitGram === undefined) {
    if (logitVariance === undefined) {
      throw new UsageError('outliersOfModel: the linear model needs logitVariance (the limit) or logitGram (as drawn)');
    }
    const block = i === j ? 'diagonal' : 'off-diagonal';
    return linearCrossEntropyOutliers({ law, classes, logitVariance, block, ...cubature });
  }
  const factor = gramFactor('outliersOfModel', logitGram, classes, []).factor;
  const logits = new Float64Array(classes);
  const weightOf = (coordinates: Float64Array): number => {
    multiplyLower(factor, coordinates, classes, logits);
    const largest = logits.reduce((top, logit) => Math.max(top, logit), -Infinity);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
    const p = (c: number): number => Math.exp(logits[c]! - largest) / total;
    return i === j ? p(i) * (1 - p(i)) : -p(i) * p(j);
  };
  return outliersOfWeightFunction({ law, rank: classes, weightOf, ...cubature });
}

function hiddenOutliers(options: HiddenOutliersOptions): EstimatedOutlier[] {
  const { law, loss, activation, i, j, classes, width, readout, preactivationGram } = options;
  const weight = hiddenWeightFunction(options);
  if (loss === 'mse' && activationFunctions(activation).gated) {
    if (i === j) return [];
    let scale = 0;
    for (let c = 0; c < classes; c++) scale += readout[c * width + i]! * readout[c * width + j]!;
    const gram = (row: number, column: number): number =>
      preactivationGram === undefined ? Number(row === column) : preactivationGram[row * width + column]!;
    const angle = Math.acos(gram(i, j) / Math.sqrt(gram(i, i) * gram(j, j)));
    return hiddenSquaredErrorOutliers({ law, scale, angle }).map((outlier) => ({ ...outlier, error: 0 }));
  }
  return outliersOfWeightFunction({ law, rank: width, ...weight, ...cubatureOf(options) });
}

function cubatureOf({ points, shifts, negligibleMass }: CubatureOptions): CubatureOptions {
  return {
    ...(points === undefined ? {} : { points }),
    ...(shifts === undefined ? {} : { shifts }),
    ...(negligibleMass === undefined ? {} : { negligibleMass }),
  };
}
