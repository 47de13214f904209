import { UsageError } from '../errors.js';
import { wickCycles } from './wickCycles.js';

/** The weights, the order of H, and how many powers. */
export interface TraceMomentsOptions {
  /** The N weights a_n as drawn, either sign. */
  readonly weights: ArrayLike<number>;
  /** d, the order of H. */
  readonly dimension: number;
  /** Highest power of H, 1 to 5. */
  readonly maximumPower?: number;
}

/** Mean and covariance of the traces of powers of H. */
export interface TraceMoments {
  /** mean[k−1] = E tr H^k given the weights. */
  readonly mean: readonly number[];
  /** covariance[j−1][k−1] = Cov(tr H^j, tr H^k) given the weights. */
  readonly covariance: readonly (readonly number[])[];
}

const highestPower = 5;

/**
 * Exact means and covariances of tr H, tr H², … for H = (1/N) Σ a_n x_n x_nᵀ, x_n independent N(0, I_d), given the
 * weights: not asymptotic, true at every d and N. With p_k = Σ a_n^k the first of them read E tr H = d p₁/N, Var tr H =
 * 2 d p₂/N², E tr H² = (d p₁² + d(d+1) p₂)/N² (paper-notes.md, exact moments given the weights).
 *
 * O(N) in the weights; the rest does not depend on N or d: a few milliseconds at the default power 4. Accuracy:
 * rounding of the power sums; the covariance is a sum over connected contractions, so it does not lose digits as d
 * grows.
 *
 * @throws UsageError for no weights, a weight that is not finite, a dimension that is not a positive integer, a power
 * outside 1 to 5
 */
export function traceMoments({ weights, dimension, maximumPower = 4 }: TraceMomentsOptions): TraceMoments {
  if (!Number.isInteger(dimension) || dimension < 1) {
    throw new UsageError(`traceMoments: dimension must be a positive integer, got ${dimension}; give the order of H`);
  }
  if (!Number.isInteger(maximumPower) || maximumPower < 1 || maximumPower > highestPower) {
    throw new UsageError(
      `traceMoments: maximumPower must be an integer from 1 to ${highestPower}, got ${maximumPower}`,
    );
  }
  const samples = weights.length;
  if (samples === 0) throw new UsageError('traceMoments: weights must not be empty; give the N weights as drawn');
  const scale = largestAbsolute(weights);
  const powers = Array.from({ length: maximumPower }, (_, index) => index + 1);
  if (scale === 0) return { mean: powers.map(() => 0), covariance: powers.map(() => powers.map(() => 0)) };

  const { expectation, covariance } = wickCycles(dimension, powerSums(weights, scale, 2 * maximumPower));
  const word = (power: number): number[] => new Array<number>(power).fill(1);
  const upper = powers.map((row) =>
    powers.slice(0, row).map((column) => covariance([word(column)], [word(row)]) * scale ** column * scale ** row),
  );
  return {
    mean: powers.map((power) => expectation([word(power)]) * scale ** power),
    covariance: powers.map((row) =>
      powers.map((column) => upper[Math.max(row, column) - 1]![Math.min(row, column) - 1]!),
    ),
  };
}

/** Σ (a_n / (scale·N))^k for k = 0 … highest. */
function powerSums(weights: ArrayLike<number>, scale: number, highest: number): number[] {
  const sums = new Array<number>(highest + 1).fill(0);
  const corrections = new Array<number>(highest + 1).fill(0);
  const samples = weights.length;
  for (let n = 0; n < samples; n++) {
    const weight = weights[n]! / scale;
    let power = 1;
    for (let k = 0; k <= highest; k++) {
      // Neumaier's compensated sum: signed weights cancel.
      const sum = sums[k]! + power;
      corrections[k]! += Math.abs(sums[k]!) >= Math.abs(power) ? sums[k]! - sum + power : power - sum + sums[k]!;
      sums[k] = sum;
      power *= weight;
    }
  }
  return sums.map((sum, k) => (sum + corrections[k]!) / samples ** k);
}

function largestAbsolute(weights: ArrayLike<number>): number {
  let largest = 0;
  for (let n = 0; n < weights.length; n++) {
    const size = Math.abs(weights[n]!);
    if (!Number.isFinite(size)) {
      throw new UsageError(`traceMoments: every weight must be finite, got ${weights[n]} at index ${n}`);
    }
    if (size > largest) largest = size;
  }
  return largest;
}
