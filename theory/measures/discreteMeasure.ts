import type { DiscreteMeasure } from '../contracts.js';
import { UsageError } from '../errors.js';
import { exactSum } from '../numerics/exactSum.js';

/** How far from 1 the given masses may sum before they are taken for a mistake rather than for rounding. */
const massTolerance = 1e-9;

/**
 * A probability measure from nodes in any order: sorted, equal nodes merged, zero masses dropped, masses normalised.
 *
 * @param nodes real numbers, in any order, repeats allowed
 * @param masses one non-negative mass a node, summing to 1 within 1e-9; all equal when absent
 * @throws UsageError on an empty list, a length mismatch, a value that is not finite, a negative mass, or a sum away
 * from 1
 */
export function discreteMeasure(nodes: ArrayLike<number>, masses?: ArrayLike<number>): DiscreteMeasure {
  const count = nodes.length;
  if (count === 0) throw new UsageError('nodes must hold at least one value, got none');
  if (masses !== undefined && masses.length !== count) {
    throw new UsageError(`masses must have one entry per node, got ${masses.length} masses for ${count} nodes`);
  }
  for (let i = 0; i < count; i++) {
    if (!Number.isFinite(nodes[i])) throw new UsageError(`nodes must be finite numbers; node ${i} is ${nodes[i]}`);
    if (masses !== undefined && !(masses[i] >= 0 && Number.isFinite(masses[i]))) {
      throw new UsageError(`masses must be finite and not negative; mass ${i} is ${masses[i]}`);
    }
  }
  if (masses === undefined) return merged(Float64Array.from(nodes).sort(), undefined, count);
  const total = exactSum(masses).high;
  if (!(Math.abs(total - 1) <= massTolerance)) {
    throw new UsageError(
      `masses must sum to 1 within ${massTolerance}; they sum to ${total}. Divide them by their sum first`,
    );
  }
  if (isAscending(nodes)) return merged(Float64Array.from(nodes), Float64Array.from(masses), total);
  const order = Array.from({ length: count }, (_, i) => i).sort((i, j) => nodes[i] - nodes[j]);
  return merged(
    Float64Array.from(order, (i) => nodes[i]),
    Float64Array.from(order, (i) => masses[i]),
    total,
  );
}

function isAscending(nodes: ArrayLike<number>): boolean {
  for (let i = 1; i < nodes.length; i++) if (nodes[i] < nodes[i - 1]) return false;
  return true;
}

/** Runs of equal sorted nodes become one node; without masses every entry counts 1 and `total` is their number. */
function merged(sorted: Float64Array, masses: Float64Array | undefined, total: number): DiscreteMeasure {
  const nodes = new Float64Array(sorted.length);
  const sums = new Float64Array(sorted.length);
  let length = 0;
  for (let i = 0; i < sorted.length; i++) {
    const mass = masses === undefined ? 1 : masses[i];
    if (mass === 0) continue;
    // Adding 0 turns -0 into 0.
    const node = sorted[i] + 0;
    if (length > 0 && nodes[length - 1] === node) {
      sums[length - 1] += mass;
    } else {
      nodes[length] = node;
      sums[length++] = mass;
    }
  }
  for (let i = 0; i < length; i++) sums[i] /= total;
  return { nodes: nodes.slice(0, length), masses: sums.slice(0, length) };
}
