import type { ActivationFunctions } from './activationFunctions.js';

/**
 * σ(u) and, if there is room for them, σ′(u) of `count` pre-activations that lie one after another, from index `at` of `u` and of
 * `slopes` and from index `to` of `values` on. A gate is written out: through a function for each number, of which no two activations share one, it takes four times
 * as long.
 */
export function activationRow(
  { gated, value, first }: ActivationFunctions,
  count: number,
  u: Float64Array,
  at: number,
  values: Float64Array,
  to: number,
  slopes?: Float64Array,
): void {
  if (gated) {
    for (let n = 0; n < count; n++) {
      const preactivation = u[at + n]!;
      values[to + n] = (preactivation + Math.abs(preactivation)) / 2;
      if (slopes) slopes[at + n] = preactivation > 0 ? 1 : 0;
    }
    return;
  }
  for (let n = 0; n < count; n++) values[to + n] = value(u[at + n]!);
  if (slopes) for (let n = 0; n < count; n++) slopes[at + n] = first(u[at + n]!);
}
