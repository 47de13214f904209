import { NumericalError } from '../../../theory/errors.js';
import { normalTwoSided } from '../distributions/normal.js';

/** Σ 1, Σ χ², Σ (χ²)² and Σ (χ²)³ over draws, which add over shares of the draws. */
export interface DispersionSums {
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  readonly sumOfCubes: number;
}

export function dispersionSums(values: readonly number[]): DispersionSums {
  const total = (power: number): number => values.reduce((sum, value) => sum + value ** power, 0);
  return { count: values.length, sum: total(1), sumOfSquares: total(2), sumOfCubes: total(3) };
}

/**
 * Do statistics spread as their exact covariance says? The mean of χ² = (v − μ)ᵀ Σ⁻¹ (v − μ) over many draws against
 * its exact expectation, the degrees of freedom, by its own standard error, two-sided: a covariance a tenth too small
 * makes it a ninth too large whatever the law of v. Needs thousands of draws, and says nothing with few.
 *
 * χ² is skewed (3 to 4 for two traces of a small matrix, χ²_2 itself 2), and a mean that is short of its large values has
 * too small a standard error as well, so that the plain score alarms too often below. With S = (mean − k)/s and λ the
 * skewness of the draws the score is √n [S + λS²/3 + λ²S³/27 + λ/(6n)], increasing in S and normal to order 1/n
 * (P. Hall, On the removal of skewness by transformation, J. R. Statist. Soc. B 54, 1992).
 *
 * Throws NumericalError when all draws are the same.
 */
export function dispersionTest(
  shares: readonly DispersionSums[],
  degrees: number,
): { mean: number; standardError: number; count: number; score: number; pValue: number } {
  let [count, sum, sumOfSquares, sumOfCubes] = [0, 0, 0, 0];
  for (const share of shares) {
    count += share.count;
    sum += share.sum;
    sumOfSquares += share.sumOfSquares;
    sumOfCubes += share.sumOfCubes;
  }
  const mean = sum / count;
  const variance = (sumOfSquares - count * mean * mean) / (count - 1);
  if (!(variance > 0)) {
    throw new NumericalError(
      `dispersionTest: the draws (${count}) do not vary, so that nothing says how far chance may take their mean: draw more of them, or larger matrices`,
    );
  }
  const standardDeviation = Math.sqrt(variance);
  const skewness = (sumOfCubes / count - (3 * mean * sumOfSquares) / count + 2 * mean ** 3) / standardDeviation ** 3;
  const shift = (mean - degrees) / standardDeviation;
  const unskewed = shift + (skewness * shift ** 2) / 3 + (skewness ** 2 * shift ** 3) / 27 + skewness / (6 * count);
  const score = Math.sqrt(count) * unskewed;
  return { mean, standardError: standardDeviation / Math.sqrt(count), count, score, pValue: normalTwoSided(score) };
}
