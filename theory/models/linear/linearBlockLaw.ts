import { outlineOf } from '../../gmp/index.js';
import { linearCrossEntropyOutliers } from '../../outliers/linearCrossEntropyOutliers.js';
import { discreteMeasure } from '../../measures/index.js';
import { softmaxWeights } from '../../weights/softmaxWeights.js';
import { estimatedLaw } from '../estimatedLaw.js';
import { givenReadoutNote } from '../givenReadoutNote.js';
import { describeLaw, lawOfWeights } from '../lawOfWeights.js';
import type { BlockLaw, BlockLawSpec } from '../model.js';
import { requirePair } from '../requirePair.js';
import { uncoupledLaw } from '../uncoupledOutputs.js';
import { empiricalFisherLaw } from './empiricalFisherLaw.js';
import { gramOfReadout } from './gramOfReadout.js';
import { linearOutliers, linearWeights } from './linearLayers.js';
import { logitVarianceOf } from './logitVarianceOf.js';

export function linearBlockLaw(spec: BlockLawSpec): BlockLaw {
  const { loss, block, classes, aspectRatio } = spec;
  if (spec.curvature === 'empirical-fisher') return empiricalFisherLaw(spec);
  if (loss === 'mse') {
    if (block === 'off-diagonal') return uncoupledLaw();
    return { ...lawOfWeights(discreteMeasure([1]), aspectRatio), outliers: () => [] };
  }
  if (spec.readout !== undefined) return lawGivenReadout(spec, spec.readout);
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

/** V enters through the covariance V Vᵀ of the logits. */
function lawGivenReadout(spec: BlockLawSpec, readout: ArrayLike<number>): BlockLaw {
  const { loss, classes, aspectRatio, points } = spec;
  const layers = { loss, classes, logitGram: gramOfReadout(readout, classes), ...requirePair(spec) };
  const estimate = linearWeights(layers, points);
  const law = estimatedLaw(estimate, aspectRatio);
  return {
    ...describeLaw(law, estimate.measure, givenReadoutNote(estimate)),
    outliers: (options) => linearOutliers(layers, { law: outlineOf(law), ...options }),
  };
}
