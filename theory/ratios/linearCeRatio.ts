import { softmaxWeightMoment } from '../weights/softmaxMoment.js';

/**
 * Ratio of expected squared norms of the linear cross-entropy blocks at any C, d → ∞: (γ E a² + (E a)²) off the
 * diagonal over the same on it, by the exact softmax moments; C = ∞ gives the rate-scaled ratio's limit (1 +
 * γe^{2s²})/(1 + γe^{s²}) (paper-notes.md, linear CE ratio). As d → ∞ the Gram matrix of V tends to the identity, so
 * that E_x a no longer depends on V and E_V[(E_x a)²] = (E a)².
 *
 * @returns C²·r
 */
export function linearCeScaledRatio(classes: number, logitVariance: number, aspectRatio: number): number {
  if (classes === Infinity) {
    return (1 + aspectRatio * Math.exp(2 * logitVariance)) / (1 + aspectRatio * Math.exp(logitVariance));
  }
  const normalised = (block: 'diagonal' | 'off-diagonal'): number => {
    const moment = (order: number): number =>
      softmaxWeightMoment({ classes, logitVariance, block, order, scaling: 'rate' });
    return aspectRatio * moment(2) + moment(1) ** 2;
  };
  return normalised('off-diagonal') / normalised('diagonal');
}
