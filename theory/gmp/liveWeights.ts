import type { DiscreteMeasure } from '../contracts.js';
import { UsageError } from '../errors.js';
import { exactSum } from '../numerics/exactSum.js';

/** The non-zero weights on a scale of their own, ready for the solver. */
export interface LiveWeights {
  /** Power of two with |scaled| in [1, 2) for the largest weight, so that scaling back and forth is exact. */
  readonly scale: number;
  /** Ascending non-zero weights divided by `scale`. */
  readonly nodes: Float64Array;
  /** Their masses, which sum to `liveMass`. */
  readonly masses: Float64Array;
  /** mass · node², the curvature of each pole. */
  readonly squares: Float64Array;
  /** 1 minus the mass of the weight 0. */
  readonly liveMass: number;
  /**
   * massBelow[k] = mass of the first k nodes; massAbove[k] = mass of all but the first k nodes. Each keeps its digits.
   */
  readonly massBelow: Float64Array;
  readonly massAbove: Float64Array;
}

/**
 * Weights of smaller mass are left out: the interval of the support around them would be narrower than a double can
 * tell.
 */
const negligibleMass = 1e-24;

/** Weights further apart than this would lose the small ones to underflow of their squares. */
const largestSpread = 1e100;

/**
 * Separates the atom at zero, drops masses below 1e-24, scales, and makes the masses sum exactly to the live mass: at
 * aspect ratio 1 the difference of the two decides whether the law has an atom at zero, and rounding must not.
 *
 * @throws UsageError when the masses do not sum to 1, nodes are not finite and ascending, or spread over more than
 * 1e100
 */
export function liveWeights(measure: DiscreteMeasure): LiveWeights {
  const count = measure.nodes.length;
  if (count === 0 || measure.masses.length !== count) {
    throw new UsageError(
      `weights must have as many masses as nodes, at least one, got ${count} nodes and ${measure.masses.length} masses`,
    );
  }
  const total = exactSum(measure.masses).high;
  if (!(Math.abs(total - 1) <= 1e-9))
    throw new UsageError(`weights must have masses that sum to 1; they sum to ${total}`);
  let largest = 0;
  let smallest = Infinity;
  let zeroMass = 0;
  let live = 0;
  for (let i = 0; i < count; i++) {
    const node = measure.nodes[i];
    const mass = measure.masses[i];
    if (!Number.isFinite(node) || !(mass > 0)) {
      throw new UsageError(
        `weights must have finite nodes and positive masses; entry ${i} is ${node} with mass ${mass}`,
      );
    }
    if (i > 0 && !(node > measure.nodes[i - 1])) {
      throw new UsageError(
        `weights must have ascending distinct nodes; entry ${i} breaks the order. Build them with discreteMeasure`,
      );
    }
    if (node === 0) {
      zeroMass = mass;
    } else if (mass >= negligibleMass) {
      live++;
      largest = Math.max(largest, Math.abs(node));
      smallest = Math.min(smallest, Math.abs(node));
    }
  }
  if (live > 0 && !(largest / smallest <= largestSpread)) {
    throw new UsageError(
      `weights must lie within a factor ${largestSpread} of each other; they range from ${smallest} to ${largest}. Take the smallest as 0`,
    );
  }
  const scale = live === 0 ? 1 : powerOfTwoBelow(largest);
  const nodes = new Float64Array(live);
  const masses = new Float64Array(live);
  let position = 0;
  for (let i = 0; i < count; i++) {
    if (measure.nodes[i] === 0 || measure.masses[i] < negligibleMass) continue;
    nodes[position] = measure.nodes[i] / scale;
    masses[position++] = measure.masses[i];
  }
  // Whichever of the two is the smaller one keeps its digits: 1 − zeroMass is exact up to a half.
  const liveMass = zeroMass > 0.5 ? exactSum(masses).high / total : 1 - zeroMass;
  settleTotal(masses, liveMass);
  const massBelow = new Float64Array(live + 1);
  const massAbove = new Float64Array(live + 1);
  for (let k = 0; k < live; k++) massBelow[k + 1] = massBelow[k] + masses[k];
  for (let k = live; k > 0; k--) massAbove[k - 1] = massAbove[k] + masses[k - 1];
  const squares = nodes.map((node, k) => masses[k] * node * node);
  return { scale, nodes, masses, squares, liveMass, massBelow, massAbove };
}

function powerOfTwoBelow(value: number): number {
  let power = 2 ** Math.floor(Math.log2(value));
  // log2 may round up to the next whole number.
  if (power > value) power /= 2;
  return power;
}

/**
 * Removes the last rounding of a sum from its largest terms; three rounds reach far below one unit in the last place.
 */
function settleTotal(masses: Float64Array, total: number): void {
  if (masses.length === 0) return;
  const { high } = exactSum(masses);
  const factor = total / high;
  if (factor !== 1) for (let i = 0; i < masses.length; i++) masses[i] *= factor;
  for (let round = 0; round < 3; round++) {
    const sum = exactSum(masses);
    const missing = total - sum.high - sum.low;
    if (missing === 0) return;
    let largest = 0;
    for (let i = 1; i < masses.length; i++) if (masses[i] > masses[largest]) largest = i;
    masses[largest] += missing;
  }
}
