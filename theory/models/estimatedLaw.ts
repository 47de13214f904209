import { bridgedLaw, generalisedMarchenkoPastur, type GmpLaw, type SmoothLaw } from '../gmp/index.js';
import type { EstimatedMeasure } from '../weights/estimatedMeasure.js';

/**
 * The spectral law of weights that a cubature gives: points of a law that fills an interval, whose gaps are bridged
 * (`bridgedLaw`), or its atoms where it is exact.
 */
export function estimatedLaw({ measure, error }: EstimatedMeasure, aspectRatio: number): GmpLaw | SmoothLaw {
  return error === 0 ? generalisedMarchenkoPastur(measure, aspectRatio) : bridgedLaw(measure, aspectRatio);
}
