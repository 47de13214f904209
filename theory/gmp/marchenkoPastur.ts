import { UsageError } from '../errors.js';
import { discreteMeasure } from '../measures/discreteMeasure.js';
import { atomsLaw, type GmpLaw } from './atomsLaw.js';

/** What `marchenkoPastur` may be told beside the aspect ratio. */
export interface MarchenkoPasturOptions {
  /** The value of every live weight, of either sign; 1 by default. */
  readonly scale?: number;
  /** Fraction q of weights that are not zero; 1 by default. The law is then that of scale · q · MP(aspectRatio / q). */
  readonly liveFraction?: number;
}

/**
 * The Marčenko–Pastur law: limit spectrum of (scale/N) Σ x_n x_nᵀ over the live ones among N Gaussian vectors of
 * dimension d, `aspectRatio` = d/N. For scale 1 and all live, the edges are (1 ± √aspectRatio)². The one-weight case of
 * `generalisedMarchenkoPastur`, whose accuracy it has.
 *
 * @throws UsageError on an aspect ratio or scale out of range, or a live fraction outside [0, 1]
 */
export function marchenkoPastur(
  aspectRatio: number,
  { scale = 1, liveFraction = 1 }: MarchenkoPasturOptions = {},
): GmpLaw {
  if (!(liveFraction >= 0 && liveFraction <= 1))
    throw new UsageError(`liveFraction must lie between 0 and 1, got ${liveFraction}`);
  if (!Number.isFinite(scale)) throw new UsageError(`scale must be a finite number, got ${scale}`);
  return atomsLaw(discreteMeasure([0, scale], [1 - liveFraction, liveFraction]), aspectRatio);
}
