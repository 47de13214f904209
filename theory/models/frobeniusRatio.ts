import { requirePositive } from '../requirements.js';
import type { FrobeniusRatio, FrobeniusRatioSpec } from './model.js';
import { modelTheories } from './modelTheories.js';
import { requireSetting } from './requireSetting.js';

/**
 * The Frobenius ratio of a block and its limit (paper-notes.md, Frobenius ratios): exact for every C for linear and
 * squared-error blocks, by a fixed integration with a stated error for hidden and output cross-entropy blocks at finite
 * C; limits exact for every model, activation and initialisation.
 * @throws UsageError for sizes out of range, a missing width, or initialisation and logitVariance together.
 *
 * @example
 * ```ts
 * import { frobeniusRatio } from 'limitlaw/theory';
 *
 * const { ratio, scaled, limit } = frobeniusRatio({ model: 'linear', loss: 'ce', layer: 'output', classes: 100, aspectRatio: 0.5 });
 * ratio; // → 0.0001836
 * scaled; // → 1.836
 * limit; // → 1.99
 * ```
 */
export function frobeniusRatio(spec: FrobeniusRatioSpec): FrobeniusRatio {
  const caller = 'frobeniusRatio';
  requireSetting(caller, spec);
  if (spec.logitVariance !== undefined) requirePositive(caller, 'logitVariance', spec.logitVariance);
  return modelTheories[spec.model].frobeniusRatio(spec);
}
