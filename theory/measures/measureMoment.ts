import type { DiscreteMeasure } from '../contracts.js';
import { UsageError } from '../errors.js';

/**
 * k-th raw moment E[a^k] of a discrete measure, summed with compensation.
 *
 * @param k a whole number, 0 or more
 * @throws UsageError for any other k
 */
export function measureMoment(measure: DiscreteMeasure, k: number): number {
  if (!Number.isInteger(k) || k < 0) throw new UsageError(`k must be a whole number, 0 or more, got ${k}`);
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < measure.nodes.length; i++) {
    const term = measure.masses[i] * power(measure.nodes[i], k);
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  // An infinite sum leaves the compensation undefined.
  return Number.isFinite(lost) ? sum + lost : sum;
}

/** By products where they are few: many times faster than `**`. */
function power(x: number, k: number): number {
  switch (k) {
    case 1:
      return x;
    case 2:
      return x * x;
    case 3:
      return x * x * x;
    case 4:
      return x * x * (x * x);
    default:
      return x ** k;
  }
}
