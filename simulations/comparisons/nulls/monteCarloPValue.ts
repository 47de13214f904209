import { UsageError } from '../../../theory/errors.js';

export type Side = 'upper' | 'lower' | 'two-sided';

/**
 * (1 + #{D* ≥ D}) / (1 + R): the exact p-value of an observation exchangeable with R null values (Barnard 1963; Phipson
 * and Smyth 2010). Never 0: its smallest value is 1/(1 + R). Ties count against rejection. `two-sided` doubles the
 * smaller tail.
 */
export function monteCarloPValue(observed: number, nullValues: ArrayLike<number>, side: Side = 'upper'): number {
  if (nullValues.length === 0) throw new UsageError('monteCarloPValue: nullValues must not be empty');
  if (Number.isNaN(observed)) throw new UsageError('monteCarloPValue: observed must be a number, got NaN');
  let atLeast = 0;
  let atMost = 0;
  for (let r = 0; r < nullValues.length; r++) {
    const value = nullValues[r]!;
    if (Number.isNaN(value))
      throw new UsageError(`monteCarloPValue: nullValues must be numbers, got NaN at index ${r}`);
    if (value >= observed) atLeast++;
    if (value <= observed) atMost++;
  }
  const scale = 1 / (1 + nullValues.length);
  const upper = (1 + atLeast) * scale;
  const lower = (1 + atMost) * scale;
  if (side === 'upper') return upper;
  if (side === 'lower') return lower;
  return Math.min(1, 2 * Math.min(upper, lower));
}
