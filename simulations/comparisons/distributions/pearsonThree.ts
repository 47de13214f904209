import { chiSquareCdf, chiSquareSurvival } from './chiSquare.js';
import { normalSurvival } from './normal.js';

/** Below this skewness the shifted gamma law is the normal law to 1e-4 at four standard deviations. */
const normalBelowSkewness = 1e-4;

/**
 * P(X > x) for the shifted gamma law with the given mean, standard deviation and skewness (Pearson's type III): the
 * usual approximation of a sum of independent skewed terms, right to the third cumulant.
 */
export function pearsonThreeSurvival(x: number, mean: number, standardDeviation: number, skewness: number): number {
  const z = (x - mean) / standardDeviation;
  if (Math.abs(skewness) < normalBelowSkewness) return normalSurvival(z);
  // χ²_k has mean k, variance 2k and skewness √(8/k).
  const degrees = 8 / (skewness * skewness);
  const reflected = degrees + Math.sign(skewness) * z * Math.sqrt(2 * degrees);
  return skewness > 0 ? chiSquareSurvival(reflected, degrees) : chiSquareCdf(reflected, degrees);
}
