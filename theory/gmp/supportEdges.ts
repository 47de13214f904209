import { add, multiply, poleSum, twoSum, type DoubleDouble } from '../numerics/doubleDouble.js';
import type { LiveWeights } from './liveWeights.js';

/*
 * Notation of this folder: p = −1/(γ m) instead of m. Then z(p) = p (γ + Σ w a/(p − a)) has its poles at the weights
 * themselves, and z'(p) = γ − g(p) with g(p) = Σ w a²/(p − a)². Between neighbouring poles g is convex, so the points
 * outside the support (z' > 0) form at most one interval there: its two ends are found with certainty.
 */

/** One end of an interval of the support, on the scale of the live weights. */
export interface Edge {
  /** The preimage p of the edge. */
  readonly preimage: number;
  /** preimage − node for every node, each with its full relative accuracy; made anew on every call. */
  readonly offsets: () => Float64Array;
  /** z(preimage) to about 30 digits. */
  readonly at: DoubleDouble;
}

/** A gap of the support, or one of the two unbounded outer parts: the image of (lower.preimage, upper.preimage). */
export interface Gap {
  /** Number of live nodes to the left of the gap. */
  readonly nodesBelow: number;
  /** The right end of the support left of the gap; absent for the part that reaches −∞. */
  readonly lower?: Edge;
  readonly upper?: Edge;
}

/**
 * All parts of the line outside the support, ascending: the first reaches −∞, the last +∞, so there is one more of them
 * than intervals of the support. Edges are good to about 1e-15 relative (paper-notes.md, support from the inverse map).
 */
export function supportGaps(weights: LiveWeights, aspectRatio: number): Gap[] {
  const { nodes } = weights;
  const count = nodes.length;
  const gaps: Gap[] = [{ nodesBelow: 0, upper: edgeBetween(weights, aspectRatio, -1, -1) }];
  for (let k = 0; k + 1 < count; k++) {
    const minimum = minimumBetween(weights, aspectRatio, k);
    if (minimum === undefined) continue;
    const lower = edgeBetween(weights, aspectRatio, k, 1, minimum);
    const upper = edgeBetween(weights, aspectRatio, k, -1, minimum);
    // Ends that rounding cannot tell apart close the gap.
    if (lower.preimage < upper.preimage && difference(upper.at, lower.at) > 0)
      gaps.push({ nodesBelow: k + 1, lower, upper });
  }
  gaps.push({ nodesBelow: count, lower: edgeBetween(weights, aspectRatio, count - 1, 1) });
  return gaps;
}

function difference(a: DoubleDouble, b: DoubleDouble): number {
  return a[0] - b[0] + (a[1] - b[1]);
}

/** g(p) and g'(p) at p = nodes[base] + offset, or at p = offset when base is −1. */
function curvature(weights: LiveWeights, base: number, offset: number): { value: number; slope: number } {
  const { nodes, squares } = weights;
  const origin = base < 0 ? 0 : nodes[base];
  let value = 0;
  let slope = 0;
  for (let j = 0; j < nodes.length; j++) {
    const distance = origin - nodes[j] + offset;
    const term = squares[j] / (distance * distance);
    value += term;
    slope -= term / distance;
  }
  return { value, slope: 2 * slope };
}

/**
 * A point between nodes k and k + 1 where g < γ, as an offset from node k, or undefined when there is none. Two nodes
 * alone bound g from below by (c₁^{1/3} + c₂^{1/3})³ / gap², which settles nearly every pair of drawn weights.
 */
function minimumBetween(weights: LiveWeights, aspectRatio: number, k: number): number | undefined {
  const { nodes, squares } = weights;
  const gap = nodes[k + 1] - nodes[k];
  const left = Math.cbrt(squares[k]);
  const right = Math.cbrt(squares[k + 1]);
  if ((left + right) ** 3 / (gap * gap) >= aspectRatio) return undefined;
  let low = 0;
  let high = gap;
  let offset = (gap * left) / (left + right);
  for (let iteration = 0; iteration < 200; iteration++) {
    const { value, slope } = curvature(weights, k, offset);
    if (value < aspectRatio) return offset;
    // g is convex: on the side where it falls it stays above its tangent.
    const reach = slope < 0 ? high - offset : offset - low;
    if (value - Math.abs(slope) * reach >= aspectRatio || slope === 0) return undefined;
    if (slope < 0) low = offset;
    else high = offset;
    // Newton towards g = γ from outside overshoots nothing: g lies above the tangent.
    const next = offset - (value - aspectRatio) / slope;
    offset = next > low && next < high && iteration % 3 !== 2 ? next : low + (high - low) / 2;
    if (!(offset > low && offset < high)) return undefined;
  }
  return undefined;
}

/**
 * The root of g = γ next to node k. `side` +1: right of node k, up to `inside` (an offset from node k where g < γ) or
 * +∞; −1: left of node k + 1, down to `inside` or −∞.
 */
function edgeBetween(weights: LiveWeights, aspectRatio: number, k: number, side: 1 | -1, inside?: number): Edge {
  const { nodes, squares, liveMass } = weights;
  const base = side === 1 ? k : k + 1;
  // Distance t > 0 from the base node. One pole alone gives t ≥ √(c/γ), all poles at the same place give an upper
  // bound.
  let low = Math.sqrt(squares[base] / aspectRatio);
  let high: number;
  if (inside !== undefined) {
    high = side === 1 ? inside : nodes[k + 1] - nodes[k] - inside;
  } else {
    let total = 0;
    for (const square of squares) total += square;
    high = Math.sqrt(total / aspectRatio) * (1 + 1e-15);
    low = Math.min(low, high);
  }
  let t = low;
  for (let iteration = 0; iteration < 200; iteration++) {
    const { value, slope } = curvature(weights, base, side * t);
    if (value >= aspectRatio) low = t;
    else high = t;
    // Newton for g^{-1/2} = γ^{-1/2}: exact for a single pole.
    const step = (2 * value * (Math.sqrt(value / aspectRatio) - 1)) / (-side * slope);
    let next = t + step;
    if (!(next >= low && next <= high)) next = low + (high - low) / 2;
    const moved = Math.abs(next - t);
    t = next;
    if (moved <= 4e-16 * t) break;
  }
  let preimage = nodes[base] + side * t;
  const fromZero = Math.abs(preimage) < 0.25 * t && (nodes[base] > 0 ? side === -1 : side === 1);
  if (fromZero) preimage = polishedNearZero(weights, aspectRatio - liveMass, preimage, 4 * t * Number.EPSILON);
  const offsets = (): Float64Array => nodes.map((node) => (fromZero ? preimage - node : nodes[base] - node + side * t));
  const exact: DoubleDouble = fromZero ? [preimage, 0] : twoSum(nodes[base], side * t);
  return { preimage, offsets, at: valueAt(weights, aspectRatio, exact) };
}

/**
 * Newton for (γ − L) = p Σ w (2a − p)/(p − a)², the form of z' = 0 that keeps its digits when p is near 0 (near a hard
 * edge, where the aspect ratio is close to the live mass L).
 */
function polishedNearZero(weights: LiveWeights, excess: number, start: number, rounding: number): number {
  const { nodes, masses, squares } = weights;
  // At aspect ratio = live mass the edge sits at p = 0 exactly; `start` differs from it by rounding.
  if (excess === 0 && Math.abs(start) <= 1e8 * rounding) return 0;
  let p = start;
  for (let iteration = 0; iteration < 50; iteration++) {
    let sum = 0;
    let slope = 0;
    for (let j = 0; j < nodes.length; j++) {
      const distance = p - nodes[j];
      sum += (masses[j] * (2 * nodes[j] - p)) / (distance * distance);
      slope += squares[j] / distance ** 3;
    }
    const step = (excess - p * sum) / (2 * slope);
    p -= step;
    if (Math.abs(step) <= 4e-16 * Math.abs(p)) break;
  }
  return p;
}

/** z(p) in double-double arithmetic; z is stationary at an edge, so the rounding of p does not matter. */
function valueAt(weights: LiveWeights, aspectRatio: number, p: DoubleDouble): DoubleDouble {
  return multiply(p, add([aspectRatio, 0], poleSum(weights.masses, weights.nodes, p)));
}
