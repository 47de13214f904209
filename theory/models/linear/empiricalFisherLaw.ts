import { NumericalError, UsageError } from '../../errors.js';
import { bridgedLaw, type SmoothWeights } from '../../gmp/index.js';
import { empiricalFisherWeights } from '../../weights/empiricalFisherWeights.js';
import { normalResidualWeights } from '../../weights/normalResidualWeights.js';
import { describeLaw, lawOfWeights } from '../lawOfWeights.js';
import type { BlockLaw, BlockLawSpec } from '../model.js';
import { logitVarianceOf } from './logitVarianceOf.js';

/**
 * Of G_ij = (1/N) Σ r_i r_j x xᵀ, r = ∂ℓ/∂f, with labels that are uniform and independent of x: p − e_y under cross-entropy, f −
 * e_y under squared error. Outliers are not computed.
 * @throws UsageError for V as drawn, or a scaling: there is no rate in C that all weights share
 */
export function empiricalFisherLaw(spec: BlockLawSpec): BlockLaw {
  const { loss, block, classes, aspectRatio, readout, scaling } = spec;
  const caller = 'blockLaw: the empirical Fisher matrix';
  if (readout !== undefined) throw new UsageError(`${caller} has its law in the limit alone: leave the readout out`);
  if (scaling === 'rate')
    throw new UsageError(
      `${caller} has no rate in C: a sample of the block's own class weighs C times as much as others`,
    );
  if (loss === 'ce' && classes === Infinity)
    return {
      note: 'As C → ∞ the share 1/C of the samples that have the block’s own label carries the mean of G at a scale of its own: no one limit law. Ask at a number of classes.',
    };
  const logitVariance = logitVarianceOf(spec, Math.min(classes, Number.MAX_SAFE_INTEGER));
  const weights =
    loss === 'ce'
      ? empiricalFisherWeights({ classes, logitVariance, block })
      : normalResidualWeights({ classes, outputVariance: logitVariance, block });
  const found = lawOfResiduals(weights, aspectRatio);
  return {
    ...found,
    logitVariance,
    note: `${found.note} Labels are uniform and independent of x; outliers are not computed.`,
  };
}

/**
 * The law of smooth weights; where samples with the block's label and those without are so far apart that no density is left
 * between them to be followed, that of real nodes, with their gaps bridged.
 */
function lawOfResiduals(weights: SmoothWeights, aspectRatio: number): BlockLaw {
  const smooth = lawOfWeights(weights, aspectRatio);
  try {
    // The curve of the law is followed when its ends are first asked for.
    if (smooth.law!.support.length > 0) return smooth;
  } catch (error) {
    if (!(error instanceof NumericalError)) throw error;
  }
  const note =
    'The weights have two scales with nothing to follow between them: the law is that of points of the weights.';
  return describeLaw(bridgedLaw(weights.quadrature, aspectRatio), weights, note);
}
