import { NumericalError } from '../../../theory/errors.js';
import { normalSurvival } from '../distributions/normal.js';

/** Σ 1, Σ χ² and Σ (χ²)² over draws, which add over shares of the draws. */
export interface DispersionSums {
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
}

/**
 * Do statistics spread as their exact covariance says? The mean of χ² = (v − μ)ᵀ Σ⁻¹ (v − μ) over many draws against
 * its exact expectation, the degrees of freedom, by its own standard error, two-sided: a covariance a tenth too small
 * makes it a ninth too large whatever the law of v. Needs thousands of draws, and says nothing with few.
 *
 * Throws NumericalError when all draws are the same.
 */
export function dispersionTest(
  shares: readonly DispersionSums[],
  degrees: number,
): { mean: number; standardError: number; count: number; pValue: number } {
  let [count, sum, sumOfSquares] = [0, 0, 0];
  for (const share of shares) {
    count += share.count;
    sum += share.sum;
    sumOfSquares += share.sumOfSquares;
  }
  const mean = sum / count;
  const variance = (sumOfSquares - count * mean * mean) / (count - 1);
  if (!(variance > 0)) {
    throw new NumericalError(
      `dispersionTest: the ${count} draws do not vary, so that nothing says how far chance may take their mean: draw larger matrices`,
    );
  }
  const standardError = Math.sqrt(variance / count);
  return { mean, standardError, count, pValue: 2 * normalSurvival(Math.abs(mean - degrees) / standardError) };
}
