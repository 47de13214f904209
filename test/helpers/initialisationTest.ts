import { UsageError } from '../../theory/errors.js';
import { chiSquareCdf, chiSquareSurvival } from '../../simulations/comparisons/distributions/chiSquare.js';
import { normalTwoSided } from '../../simulations/comparisons/distributions/normal.js';

/** E v⁴/(E v²)² of the uniform law is 9/5. */
const UNIFORM_KURTOSIS = 9 / 5;

/**
 * The drawn entries of a layer against the variance its scheme states. Normal entries: Σ v²/variance ~ χ²_n exactly,
 * both tails. Uniform entries: (Σ v² − n·variance)/(variance √(4n/5)) by the normal law. Given V nothing else in a
 * Hessian knows the variance V was drawn with; this test sees a variance 10 % off at n = 4000 normal entries with power
 * 0.95 at level 0.01.
 */
export function initialisationTest({
  entries,
  variance,
  distribution,
}: {
  entries: readonly ArrayLike<number>[];
  variance: number;
  distribution: 'normal' | 'uniform';
}): { count: number; ratio: number; pValue: number } {
  if (!(variance > 0)) throw new UsageError(`initialisationTest: variance must be positive, got ${variance}`);
  let count = 0;
  let sum = 0;
  for (const list of entries) {
    count += list.length;
    for (let i = 0; i < list.length; i++) sum += (list[i]! * list[i]!) / variance;
  }
  if (count === 0) throw new UsageError('initialisationTest: entries must not be empty');
  const pValue =
    distribution === 'normal'
      ? Math.min(1, 2 * Math.min(chiSquareCdf(sum, count), chiSquareSurvival(sum, count)))
      : normalTwoSided((sum - count) / Math.sqrt(count * (UNIFORM_KURTOSIS - 1)));
  return { count, ratio: sum / count, pValue };
}
