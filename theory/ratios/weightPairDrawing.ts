import { largestPower, type FeaturePairOptions } from './featurePairs.js';
import type { FiniteRatioOptions } from './hiddenCeLimit.js';
import type { Unit } from '../network/unitExpectations.js';

/**
 * How to draw inputs for the covariance of their weights, which grows like Π F until one class takes all the mass: the fewer classes the sooner. Each unit of its
 * pair brings its slopes, its curvatures and 1 + τ²hh′.
 */
export function weightPairDrawing(
  options: FiniteRatioOptions & { readonly inputs: 'one' | 'two' },
): FeaturePairOptions {
  const { entry, hiddenFactor, inputs } = options;
  const logClasses = Math.log(options.classes);
  const strongest =
    (Math.min(1, (inputs === 'one' ? 0.4 : 0.8) * largestPower(options)) * logClasses) / (logClasses + 2);
  const size = ({ slope, curvature }: Unit): number => Math.hypot(slope, Math.sqrt(hiddenFactor) * curvature);
  return {
    ...options,
    powers: [0, strongest],
    importance: (unit, other) => size(unit) * size(other) * (1 + entry.variance * Math.abs(unit.h * other.h)),
    // Off the diagonal two units are needed; on it one does, and too few of those leave large shares to some.
    squareFactor: 0.6,
  };
}
