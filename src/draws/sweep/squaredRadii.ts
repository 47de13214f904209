import type { Workspace } from '../../../simulations/contracts.js';

/** |x_n|²/d. */
export function squaredRadii({ inputs, dimension, samples }: Workspace): Float64Array {
  return Float64Array.from({ length: samples }, (_, n) => {
    let sum = 0;
    for (let t = n * dimension; t < (n + 1) * dimension; t++) sum += inputs[t]! * inputs[t]!;
    return sum / dimension;
  });
}
