import { drawnReadoutRatio } from './drawnReadoutRatio.js';
import { hiddenCeLimit, type FiniteRatioOptions } from './hiddenCeLimit.js';
import type { RatioEstimate } from './ratioEstimate.js';

/**
 * The ratio of hidden cross-entropy blocks for uniform entries of V: drawn, up to 32 classes. With bounded entries C·r
 * approaches its limit as a power series in 1/C, and beyond it is carried over from there along 1/C; what the next power
 * may add is taken from 8 classes and is part of the error.
 */
export function hiddenCeRatioUniform(options: FiniteRatioOptions & { readonly aspectRatio: number }): RatioEstimate {
  const { classes, aspectRatio, effort } = options;
  if (classes <= largestDirectClasses) return drawnReadoutRatio(options);
  const limit = hiddenCeLimit(options);
  const scaledLimit =
    (aspectRatio * limit.offSquare + limit.offMeanSquare) /
    (aspectRatio * limit.diagonalSquare + limit.diagonalMeanSquare);
  // C·(C r − limit), constant but for the next power. Few classes need little effort.
  const [near, far] = [1, 4].map((part) => {
    const count = largestDirectClasses / part;
    const at = drawnReadoutRatio({ ...options, classes: count, effort: part === 1 ? (7 * effort) / 8 : effort / 8 });
    return {
      slope: count * (count * at.ratio - scaledLimit),
      error: count * count * at.standardError,
    };
  });
  const nextPower = (far.slope - near.slope) / 3;
  return {
    ratio: (scaledLimit + near.slope / classes) / classes,
    standardError: Math.hypot(near.error, nextPower) / (classes * classes),
  };
}

const largestDirectClasses = 32;
