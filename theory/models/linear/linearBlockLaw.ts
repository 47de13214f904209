import { linearCrossEntropyOutliers } from '../../outliers/linearCrossEntropyOutliers.js';
import { discreteMeasure } from '../../measures/index.js';
import { softmaxWeights } from '../../weights/softmaxWeights.js';
import { lawOfWeights } from '../lawOfWeights.js';
import type { BlockLaw, BlockLawSpec } from '../model.js';
import { uncoupledLaw } from '../uncoupledOutputs.js';
import { logitVarianceOf } from './logitVarianceOf.js';

export function linearBlockLaw(spec: BlockLawSpec): BlockLaw {
  const { loss, block, classes, aspectRatio } = spec;
  if (loss === 'mse') {
    if (block === 'off-diagonal') return uncoupledLaw();
    return { ...lawOfWeights(discreteMeasure([1]), aspectRatio), outliers: () => [] };
  }
  const logitVariance = logitVarianceOf(spec, Math.min(classes, Number.MAX_SAFE_INTEGER));
  const scaling = spec.scaling ?? (classes === Infinity ? 'rate' : 'raw');
  const law = lawOfWeights(softmaxWeights({ classes, logitVariance, block, scaling }), aspectRatio);
  if (scaling === 'rate')
    return { ...law, logitVariance, scale: `${block === 'diagonal' ? 'C' : 'C²'} times the eigenvalues` };
  return {
    ...law,
    logitVariance,
    outliers: (options) =>
      linearCrossEntropyOutliers({ law: law.outline!(), classes, logitVariance, block, ...options }),
  };
}
