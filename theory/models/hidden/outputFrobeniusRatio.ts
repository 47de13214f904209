import { outputCeLimit } from '../../ratios/outputCeLimit.js';
import { outputCeRatio } from '../../ratios/outputCeRatio.js';
import type { FrobeniusRatio, FrobeniusRatioSpec } from '../model.js';
import { uncoupledRatio } from '../uncoupledOutputs.js';
import { divergence } from './divergence.js';
import { limitLayers } from './limitLayers.js';

const defaultEffort = 2e7;

export function outputFrobeniusRatio(spec: FrobeniusRatioSpec): FrobeniusRatio {
  const { loss, classes, effort = defaultEffort } = spec;
  if (loss === 'mse') return uncoupledRatio;
  const atLimit = limitLayers('frobeniusRatio', spec, Infinity);
  const vanishing = atLimit.entry.variance === 0;
  const reason = vanishing
    ? "Xavier's readout variance falls like 1/C, so the softmax becomes uniform and the limit is 1."
    : divergence(atLimit);
  const limit = vanishing ? 1 : reason === undefined ? outputCeLimit(atLimit) : Infinity;
  const common = { exponent: 2 as const, limit, ...(reason === undefined ? {} : { reason }) };
  if (classes === Infinity) return { ratio: 0, ratioError: 0, scaled: limit, ...common };
  // Two classes have opposite weights p_1 p_2 on and off the diagonal.
  if (classes === 2) return { ratio: 1, ratioError: 0, scaled: 4, ...common };
  const layers = limitLayers('frobeniusRatio', spec);
  const { ratio, standardError } = outputCeRatio({ ...layers, classes, effort });
  return { ratio, ratioError: standardError, scaled: classes * classes * ratio, ...common };
}
