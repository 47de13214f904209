import type { Complex } from '../contracts.js';
import { continuousMarchenkoPastur } from './continuousMarchenkoPastur.js';
import { atomsLaw } from './atomsLaw.js';
import { narrowWeights } from './narrowWeights.js';
import { expectationNodes, isSmooth, type WeightLaw } from './smoothWeights.js';

/**
 * The Stieltjes transform m(x + i0) of the law of `generalisedMarchenkoPastur`, at a real x that is no atom: real outside
 * the support, Im m = π times the density inside. Accuracy: that of the density.
 *
 * @throws UsageError on an aspect ratio that is not positive and finite
 */
export function boundaryTransform(weights: WeightLaw, aspectRatio: number): (x: number) => Complex {
  if (!isSmooth(weights) || narrowWeights(weights.quadrature, aspectRatio))
    return atomsLaw(expectationNodes(weights), aspectRatio).boundaryStieltjes;
  const law = continuousMarchenkoPastur(weights.path(), aspectRatio);
  if (weights.sign === 1) return law.boundaryTransform;
  return (x) => {
    const { re, im } = law.boundaryTransform(-x);
    return { re: -re, im };
  };
}
