import type { DiscreteMeasure } from '../contracts.js';
import { UsageError } from '../errors.js';
import { discreteMeasure } from '../measures/discreteMeasure.js';

/** The law of a ReLU gate (or a product of two): 1 with probability `liveFraction`, else 0. */
export function gateMeasure(liveFraction: number): DiscreteMeasure {
  if (!(liveFraction >= 0 && liveFraction <= 1)) {
    throw new UsageError(`gateMeasure: liveFraction must lie in [0, 1], got ${liveFraction}`);
  }
  return discreteMeasure([0, 1], [1 - liveFraction, liveFraction]);
}

/**
 * Probability that two ReLU gates are both open, (π − angle)/2π for weight vectors at the given angle in [0, π]
 * (radians): ½ for a unit with itself, ¼ for orthogonal ones (paper-notes.md, hidden MSE weights; Cho & Saul 2009).
 */
export function gateProbability(angle: number): number {
  if (!(angle >= 0 && angle <= Math.PI)) {
    throw new UsageError(`gateProbability: angle must lie in [0, π] radians, got ${angle}`);
  }
  return (Math.PI - angle) / (2 * Math.PI);
}
