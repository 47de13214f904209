import { UsageError } from '../../errors.js';
import { activations } from '../../names.js';
import { hiddenCeLimit, type HiddenLimitOptions } from '../../ratios/hiddenCeLimit.js';
import { hiddenCeRatioNormal } from '../../ratios/hiddenCeRatioNormal.js';
import { hiddenCeRatioUniform } from '../../ratios/hiddenCeRatioUniform.js';
import { hiddenMseLimit, hiddenMseRatio } from '../../ratios/hiddenMseRatio.js';
import type { FrobeniusRatio, FrobeniusRatioSpec } from '../model.js';
import { divergence } from './divergence.js';
import { limitLayers } from './limitLayers.js';

const caller = 'frobeniusRatio';

/** Where the limit diverges, a few inputs that lie alike carry the expectation: more points for the same error. */
const defaultEffort = { finite: 2e8, heavyTailed: 4e8 };

export function hiddenFrobeniusRatio(spec: FrobeniusRatioSpec): FrobeniusRatio {
  if (spec.width! < 2) throw new UsageError(`${caller}: off-diagonal hidden blocks need width ≥ 2, got ${spec.width}`);
  return spec.loss === 'mse' ? mseRatio(spec) : ceRatio(spec);
}

function mseRatio(spec: FrobeniusRatioSpec): FrobeniusRatio {
  const { classes, aspectRatio } = spec;
  const layers = limitLayers(caller, spec);
  const limit = hiddenMseLimit({ ...layers, aspectRatio });
  if (classes === Infinity) return { ratio: 0, ratioError: 0, scaled: limit, exponent: 1, limit };
  const ratio = hiddenMseRatio({ ...layers, classes, aspectRatio });
  const common = { ratio, ratioError: 0, scaled: classes * ratio, exponent: 1 as const, limit };
  if (!activations[layers.activation].gated || layers.entry.distribution !== 'normal') return common;
  return { ...common, expectationOfRatio: classes > 2 ? (ratio * (classes + 2)) / (classes - 2) : Infinity };
}

function ceRatio(spec: FrobeniusRatioSpec): FrobeniusRatio {
  const { classes, aspectRatio } = spec;
  const layers = limitLayers(caller, spec);
  const { limit, reason } = ceLimit(spec, layers);
  const common = { exponent: 1 as const, limit, ...(reason === undefined ? {} : { reason }) };
  if (classes === Infinity) return { ratio: 0, ratioError: 0, scaled: limit, ...common };
  const heavyTailed = divergence(layers) !== undefined;
  const { effort = heavyTailed ? defaultEffort.heavyTailed : defaultEffort.finite } = spec;
  const options = { ...layers, classes, aspectRatio, effort };
  const { ratio, standardError } =
    layers.entry.distribution === 'normal' ? hiddenCeRatioNormal(options) : hiddenCeRatioUniform(options);
  return { ratio, ratioError: standardError, scaled: classes * ratio, ...common };
}

function ceLimit(spec: FrobeniusRatioSpec, layers: HiddenLimitOptions): Pick<FrobeniusRatio, 'limit' | 'reason'> {
  const { aspectRatio } = spec;
  const atLimit = limitLayers(caller, spec, Infinity);
  if (atLimit.entry.variance === 0) {
    return activations[layers.activation].gated
      ? {
          limit: hiddenMseLimit({ ...layers, aspectRatio }),
          reason:
            "Xavier's readout variance falls like 1/C, so the softmax becomes uniform and the limit is the squared-error one.",
        }
      : {
          limit: 0,
          reason:
            "Xavier's readout variance falls like 1/C; the labels' term with σ″ then outweighs the curvature on the diagonal, and r falls like C^{-2}.",
        };
  }
  const reason = divergence(atLimit);
  if (reason !== undefined) return { limit: Infinity, reason };
  const { offSquare, offMeanSquare, diagonalSquare, diagonalMeanSquare } = hiddenCeLimit(atLimit);
  return {
    limit: (aspectRatio * offSquare + offMeanSquare) / (aspectRatio * diagonalSquare + diagonalMeanSquare),
  };
}
