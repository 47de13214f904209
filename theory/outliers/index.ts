export type { BulkLaw } from '../gmp/bulkLaw.js';
export type { EstimatedOutlier } from './cubatureOutliers.js';
export { findOutliers, type FindOutliersOptions } from './findOutliers.js';
export { hiddenSquaredErrorOutliers, type HiddenSquaredErrorOutliersOptions } from './hiddenSquaredErrorOutliers.js';
export { linearCrossEntropyOutliers, type LinearCrossEntropyOutliersOptions } from './linearCrossEntropyOutliers.js';
export { outliersFromSamples, type OutliersFromSamplesOptions, type SampledOutlier } from './outliersFromSamples.js';
export {
  outliersOfWeightFunction,
  type CubatureOptions,
  type UnlabelledWeight,
  type WeightFunctionOptions,
} from './outliersOfWeightFunction.js';
export { type LabelledWeight } from '../network/labelledWeight.js';
export { countShift, spikeArgument, strengthOfSpike } from './inputSpike.js';
