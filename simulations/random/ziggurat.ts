/** One standard normal from a generator, by the ziggurat of `zigguratTables`; exact up to rounding, tail included. */
import { decayingExponential, logarithm } from './elementary.js';
import type { Xoshiro256 } from './xoshiro256.js';
import { startOfTail, zigguratTables } from './zigguratTables.js';

const { widths, limits, heights } = zigguratTables();
const unit = 2 ** -53;

export function nextNormal(generator: Xoshiro256): number {
  for (;;) {
    const integer = generator.next53();
    // The 53 bits above are the top ones; layer and sign come from the eleven that were left.
    const layer = generator.low & 0xff;
    const sign = (generator.low & 0x100) === 0 ? 1 : -1;
    const x = integer * widths[layer]!;
    if (integer < limits[layer]!) return sign * x;
    if (layer === 0) return sign * nextTail(generator);
    const bottom = heights[layer]!;
    const height = bottom + generator.next53() * unit * (heights[layer + 1]! - bottom);
    if (height < decayingExponential(0.5 * x * x)) return sign * x;
  }
}

/**
 * A normal conditioned to exceed `TAIL_START`. Source: G. Marsaglia, "Generating a variable from the tail of the normal
 * distribution" (1964).
 */
function nextTail(generator: Xoshiro256): number {
  for (;;) {
    const excess = -logarithm((generator.next53() + 1) * unit) / startOfTail;
    const exponential = -logarithm((generator.next53() + 1) * unit);
    if (exponential + exponential > excess * excess) return startOfTail + excess;
  }
}
