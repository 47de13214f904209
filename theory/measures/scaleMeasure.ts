import type { DiscreteMeasure } from '../contracts.js';
import { UsageError } from '../errors.js';
import { discreteMeasure } from './discreteMeasure.js';

/**
 * The law of `factor` times a variable with law `measure`; a negative factor reflects, 0 gives the unit mass at 0.
 *
 * @throws UsageError when the factor is not finite
 */
export function scaleMeasure(measure: DiscreteMeasure, factor: number): DiscreteMeasure {
  if (!Number.isFinite(factor)) throw new UsageError(`factor must be a finite number, got ${factor}`);
  return discreteMeasure(
    measure.nodes.map((node) => node * factor),
    measure.masses,
  );
}
