import { activationFunctions } from '../../network/activationFunctions.js';
import { columnProduct } from '../../network/columnProduct.js';
import { hiddenWeightFunction, type HiddenWeightOptions } from '../../network/hiddenWeight.js';
import type { EstimatedOutlier } from '../../outliers/cubatureOutliers.js';
import { hiddenSquaredErrorOutliers } from '../../outliers/hiddenSquaredErrorOutliers.js';
import { outliersOfWeightFunction } from '../../outliers/outliersOfWeightFunction.js';
import type { OutlierOptions } from '../model.js';

/** A hidden block given V, and W where its Gram matrix is given. */
export type HiddenLayers = HiddenWeightOptions;

export function hiddenOutliers(layers: HiddenLayers, options: OutlierOptions): EstimatedOutlier[] {
  const { loss, activation, i, j, classes, width, readout, preactivationGram } = layers;
  const weight = hiddenWeightFunction(layers);
  if (loss === 'ce' || !activationFunctions(activation).gated)
    return outliersOfWeightFunction({ rank: width, ...weight, ...options });
  if (i === j) return [];
  const scale = columnProduct(readout, classes, width, i, j);
  const gram = (row: number, column: number): number =>
    preactivationGram === undefined ? Number(row === column) : preactivationGram[row * width + column]!;
  const angle = Math.acos(gram(i, j) / Math.sqrt(gram(i, i) * gram(j, j)));
  return hiddenSquaredErrorOutliers({ law: options.law, scale, angle }).map((outlier) => ({ ...outlier, error: 0 }));
}
