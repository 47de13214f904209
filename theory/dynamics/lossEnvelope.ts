import { UsageError } from '../errors.js';
import { requireClasses } from '../requirements.js';

/** ℓ*, the positive root of 2ℓ = e^ℓ − 1: where the line from 0 touches 2(1 − e^{−ℓ})². */
export const envelopeContact = 1.2564312086261697;

/**
 * ψ(L): the largest mean of ‖p − y‖² that a mean cross-entropy L allows, whatever the number of samples and of classes.
 * At one sample ‖p − y‖² ≤ 2(1 − e^{−ℓ})² (`residualNormBounds`); ψ is the concave envelope of that bound, a line up to
 * ℓ* (`envelopeContact`) and the bound itself beyond. Sharp: for L ≤ ℓ* a share L/ℓ* of the samples at loss ℓ*, the
 * rest of their mass on one class, and the others at loss 0, have mean ψ(L); beyond, all samples at loss L. There is no
 * lower bound in the mean loss: one sample may carry all of it.
 *
 * @param meanLoss L ≥ 0 in nats; Infinity is allowed
 * @returns ψ(L) in [0, 2], to rounding
 * @throws UsageError for a negative loss or one that is no number
 */
export function lossEnvelope(meanLoss: number): number {
  requireLoss('lossEnvelope', meanLoss);
  if (meanLoss > envelopeContact) return twiceSquaredMiss(meanLoss);
  return (twiceSquaredMiss(envelopeContact) / envelopeContact) * meanLoss;
}

/**
 * Bounds of ‖p − y‖² at one sample of loss ℓ = −log p_y among C classes: C/(C − 1) · (1 − e^{−ℓ})², reached where the
 * mass that misses the label is spread evenly, and 2(1 − e^{−ℓ})², approached where it sits on one class. Equal for C =
 * 2.
 *
 * @param loss ℓ ≥ 0 in nats
 * @param classes C ≥ 2, or Infinity
 * @throws UsageError for a loss or a number of classes out of range
 */
export function residualNormBounds(loss: number, classes: number): readonly [least: number, greatest: number] {
  requireLoss('residualNormBounds', loss);
  requireClasses('residualNormBounds', classes);
  const greatest = twiceSquaredMiss(loss);
  const spread = classes === Infinity ? 1 : classes / (classes - 1);
  return [(spread / 2) * greatest, greatest];
}

/** 2(1 − p_y)², which keeps its digits for small losses. */
function twiceSquaredMiss(loss: number): number {
  const miss = -Math.expm1(-loss);
  return 2 * miss * miss;
}

function requireLoss(caller: string, loss: number): void {
  if (!(loss >= 0)) throw new UsageError(`${caller}: the loss must be a number of at least 0, got ${loss}`);
}
