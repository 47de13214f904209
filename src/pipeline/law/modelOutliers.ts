import type { Outlier } from '../../../theory/contracts.js';
import type { BlockLaw } from '../../../theory/models/index.js';

/** Above this many classes the cubature over all logits is not quick; places need the drawn weights there anyway. */
const largestClasses = 64;

/**
 * Outliers of the limit law of a block of C classes, in the units of that law; none where none are predicted.
 * `negligibleMass`: of the far tail of the weights that N samples are too few to show, 1/N; 0 for the limit.
 */
export function modelOutliers(found: BlockLaw, classes: number, negligibleMass = 0): readonly Outlier[] {
  const slow = found.logitVariance !== undefined && classes > largestClasses;
  return slow ? [] : (found.outliers?.({ negligibleMass }) ?? []);
}
