import type { ActivationName } from '../contracts.js';
import { unitExpectations } from './unitExpectations.js';

/** Moments of one unit's activation that the squared-error ratio needs, u ~ N(0, variance). */
export interface UnitMoments {
  readonly slope: number;
  readonly slopeSquare: number;
  /** E[σ′² + σσ″] and its square's mean: the part of a diagonal weight that |v_i|² multiplies. */
  readonly gain: number;
  readonly gainSquare: number;
  readonly valueMean: number;
  readonly valueSquare: number;
  readonly curvature: number;
  readonly curvatureSquare: number;
}

export function unitMoments(activation: ActivationName, variance: number): UnitMoments {
  const { single } = unitExpectations(activation, variance);
  return {
    slope: single((unit) => unit.slope),
    slopeSquare: single((unit) => unit.slope ** 2),
    gain: single((unit) => unit.slope ** 2 + unit.h * unit.curvature),
    gainSquare: single((unit) => (unit.slope ** 2 + unit.h * unit.curvature) ** 2),
    valueMean: single((unit) => unit.h),
    valueSquare: single((unit) => unit.h ** 2),
    curvature: single((unit) => unit.curvature),
    curvatureSquare: single((unit) => unit.curvature ** 2),
  };
}
