import { activations } from '../../names.js';
import type { HiddenLimitOptions } from '../../ratios/hiddenCeLimit.js';

/**
 * Why the limit of a cross-entropy ratio diverges, if it does: E_V e^{…} over the tilts is finite iff 2t < 1, t =
 * Var(v)·Var(u), for normal V and an activation that grows like u.
 */
export function divergence({ width, activation, hiddenFactor, entry }: HiddenLimitOptions): string | undefined {
  if (activations[activation].bounded || entry.distribution === 'uniform') return undefined;
  const product = entry.variance * width * hiddenFactor;
  if (2 * product < width) return undefined;
  const smallest = Math.floor(2 * product + 1e-12) + 1;
  return (
    `The limit is finite only for width m > 2·${Number(product.toPrecision(6))} (twice the product of the two layers' variance factors), ` +
    `that is m ≥ ${smallest}; at m = ${width} the average of exp(|h|²·Var v) over inputs diverges, and C^k·r grows without bound although r at each finite C is finite.`
  );
}
