import type { DiscreteMeasure, SpectralLaw } from '../contracts.js';
import { continuousMarchenkoPastur, generalisedMarchenkoPastur, narrowWeights, scaledLaw } from '../gmp/index.js';
import { softmaxContour, type SoftmaxContourOptions } from '../weights/softmaxContour.js';

/**
 * The spectral law of a linear cross-entropy block, given its softmax weights (`softmaxWeights` for the same options):
 * their real nodes where they are so nearly alike that these are exact, a path off the real axis everywhere else
 * (paper-notes.md, smooth weight densities off the axis). One interval; the distribution function is good to about
 * 1e-10 absolute.
 *
 * @throws NumericalError naming the point where the law's equation could not be solved
 */
export function softmaxBulkLaw(
  weights: DiscreteMeasure,
  options: SoftmaxContourOptions,
  aspectRatio: number,
): SpectralLaw {
  if (narrowWeights(weights, aspectRatio)) return generalisedMarchenkoPastur(weights, aspectRatio);
  const law = continuousMarchenkoPastur(softmaxContour(options, weights), aspectRatio);
  return options.block === 'diagonal' ? law : scaledLaw(law, -1);
}
