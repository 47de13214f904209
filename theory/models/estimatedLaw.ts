import { bridgedLaw, generalisedMarchenkoPastur, type GmpLaw, type SmoothLaw } from '../gmp/index.js';
import type { EstimatedMeasure } from '../weights/estimatedMeasure.js';

/**
 * The spectral law of weights that a cubature gives: points of a law that fills an interval, whose gaps are bridged
 * (`bridgedLaw`), or its atoms where it is exact. Points are compressed to 10⁻⁴ of their own error, which costs a third less than
 * 10⁻¹³ does and moves the distribution function far less than that: by 10⁻¹¹ where they are good to 10⁻³.
 */
export function estimatedLaw({ measure, error }: EstimatedMeasure, aspectRatio: number): GmpLaw | SmoothLaw {
  return error === 0
    ? generalisedMarchenkoPastur(measure, aspectRatio)
    : bridgedLaw(measure, aspectRatio, { compression: compressionOf(error) });
}

const compressionOf = (error: number): number => Math.min(Math.max(1e-4 * error, 1e-13), 1e-6);
