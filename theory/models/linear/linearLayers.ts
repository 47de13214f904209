import type { Loss } from '../../contracts.js';
import { UsageError } from '../../errors.js';
import type { CubatureKernels } from '../../network/cubatureKernels.js';
import { gramFactor, multiplyLower, scaledIdentity } from '../../numerics/gramFactor.js';
import type { EstimatedOutlier } from '../../outliers/cubatureOutliers.js';
import { linearCrossEntropyOutliers } from '../../outliers/linearCrossEntropyOutliers.js';
import { outliersOfWeightFunction } from '../../outliers/outliersOfWeightFunction.js';
import { exactMeasure, type EstimatedMeasure } from '../../weights/estimatedMeasure.js';
import { softmaxWeightsGivenGram } from '../../weights/softmaxWeightsGivenGram.js';
import type { OutlierOptions } from '../model.js';

/** A block of the linear model given V. */
export interface LinearLayers {
  readonly loss: Loss;
  /** Classes; i = j is a diagonal block. */
  readonly i: number;
  readonly j: number;
  readonly classes: number;
  /** s²; independent logits, the limit. Needed unless `logitGram` is given. */
  readonly logitVariance?: number;
  /** C×C covariance V Vᵀ of the logits as drawn, row-major. */
  readonly logitGram?: ArrayLike<number>;
  /** Who computes expectations over points; plain loops by default. */
  readonly kernels?: CubatureKernels;
}

export function linearWeights(
  { loss, i, j, classes, kernels, ...layers }: LinearLayers,
  points = 8192,
): EstimatedMeasure {
  if (loss === 'mse') return exactMeasure([i === j ? 1 : 0], [1]);
  const gram = layers.logitGram ?? scaledIdentity(classes, limitVariance('weightsGivenLayers', layers.logitVariance));
  return softmaxWeightsGivenGram({ gram, classes, i, j, points, ...(kernels && { kernels }) });
}

export function linearOutliers(
  { loss, i, j, classes, logitVariance, logitGram }: LinearLayers,
  options: OutlierOptions,
): EstimatedOutlier[] {
  if (loss === 'mse') return [];
  if (logitGram === undefined) {
    const block = i === j ? 'diagonal' : 'off-diagonal';
    const variance = limitVariance('outliersOfModel', logitVariance);
    return linearCrossEntropyOutliers({ classes, logitVariance: variance, block, ...options });
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
  return outliersOfWeightFunction({ rank: classes, weightOf, ...options });
}

function limitVariance(caller: string, logitVariance: number | undefined): number {
  if (logitVariance === undefined)
    throw new UsageError(`${caller}: the linear model needs logitVariance (the limit) or logitGram (as drawn)`);
  return logitVariance;
}
