import { UsageError } from '../../../theory/errors.js';

export interface Summary {
  readonly count: number;
  readonly mean: number;
  /** Unbiased (n − 1). */
  readonly variance: number;
}

export function summarise(values: ArrayLike<number>, caller = 'summarise'): Summary {
  const count = values.length;
  if (count < 2) throw new UsageError(`${caller}: needs at least 2 independent draws, got ${count}`);
  let mean = 0;
  for (let i = 0; i < count; i++) {
    if (!Number.isFinite(values[i]!))
      throw new UsageError(`${caller}: values must be finite, got ${values[i]} at index ${i}`);
    mean += values[i]! / count;
  }
  let square = 0;
  for (let i = 0; i < count; i++) square += (values[i]! - mean) ** 2;
  return { count, mean, variance: square / (count - 1) };
}
