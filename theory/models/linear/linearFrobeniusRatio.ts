import { linearCeScaledRatio } from '../../ratios/linearCeRatio.js';
import type { FrobeniusRatio, FrobeniusRatioSpec } from '../model.js';
import { uncoupledRatio } from '../uncoupledOutputs.js';
import { logitVarianceOf } from './logitVarianceOf.js';

export function linearFrobeniusRatio(spec: FrobeniusRatioSpec): FrobeniusRatio {
  const { loss, classes, aspectRatio, dimension = Infinity } = spec;
  if (loss === 'mse') return uncoupledRatio;
  // Xavier's variance falls as C grows past d: then s² → 0 and the limit is 1; with d infinite it is 2 at every C.
  const most = dimension === Infinity ? Math.min(classes, Number.MAX_SAFE_INTEGER) : Infinity;
  const limitVariance = logitVarianceOf(spec, most);
  const limit = limitVariance === 0 ? 1 : linearCeScaledRatio(Infinity, limitVariance, aspectRatio);
  const scaled =
    classes === Infinity ? limit : linearCeScaledRatio(classes, logitVarianceOf(spec, classes), aspectRatio);
  return { ratio: scaled / classes / classes, ratioError: 0, scaled, exponent: 2, limit };
}
