/**
 * Runs `work` while the inputs are of a size whose squares neither overflow nor vanish, and puts them back. What `work`
 * returns goes through `undoSquare` for each square of an input in it. Inputs of ordinary size are left alone.
 */
import { powerOfTwoScale } from './scaling.js';

const smallestSafe = 1e-60;
const largestSafe = 1e60;

export function withSafeInputs<T>(
  inputs: Float64Array,
  largest: number,
  work: (undoSquare: (x: number) => number) => T,
): T {
  if (largest === 0 || !Number.isFinite(largest) || (largest > smallestSafe && largest < largestSafe))
    return work((x) => x);
  const scale = powerOfTwoScale(largest);
  for (let i = 0; i < inputs.length; i += 1) inputs[i] = scale.down(inputs[i]!);
  try {
    return work((x) => scale.up(scale.up(x)));
  } finally {
    for (let i = 0; i < inputs.length; i += 1) inputs[i] = scale.up(inputs[i]!);
  }
}
