import type { DiscreteMeasure } from '../contracts.js';
import { UsageError } from '../errors.js';
import { contourHeight } from './contourHeight.js';
import { gaussQuadrature } from '../numerics/gaussQuadrature.js';
import { partitionNodes, type NodeGroup } from './partitionNodes.js';

/** How exact the compressed measure must be, and for which laws. */
export interface CompressOptions {
  /**
   * Most nodes to return, the atom at zero not counted; no limit by default. Fewer nodes than the tolerance asks for
   * cost accuracy.
   */
  readonly maximumNodes?: number;
  /** Error of the distribution function of the law of these weights to aim for; 1e-13 by default. */
  readonly tolerance?: number;
  /**
   * The aspect ratio at which the compressed measure will be used, or the largest of several: at a larger one than this
   * the law of the result is wrong by far more than the tolerance. A larger one needs more nodes.
   */
  readonly aspectRatio: number;
}

/** A measure of fewer nodes, with what that changes. */
export interface CompressedMeasure {
  readonly measure: DiscreteMeasure;
  /** Measured change of the law's distribution function, absolute; 0 when nothing was replaced. */
  readonly error: number;
}

/** Nodes of one sign or both, ascending and without zero, on a scale where the largest is of order 1. */
interface Nodes {
  readonly nodes: Float64Array;
  readonly masses: Float64Array;
}

/** Points of the curve p at which a replacement is checked: at most this many. */
const largestSample = 400;
/** How near the curve these points must be: what is asked there changes over distances like their height. */
const sampleTolerance = 1e-6;
/** The part of the tolerance given to the first stage, whose error is proved and not measured. */
const provedShare = 0.25;
/** The geometric estimates leave out constants and the spacing of the sampled curve. */
const safety = 0.01;

/**
 * A measure of few nodes with the same generalised Marčenko–Pastur law, for 10⁵ drawn weights as well as for a fine
 * quadrature. The law sees the weights only through ∫ log(1 − a/p) dν on the curve p that the inverse map takes to the
 * support. A run of weights is replaced by its n-point Gauss quadrature when the curve stays outside an ellipse around
 * the run on which polynomials of degree 2n − 1 converge; weights that the curve comes close to (a heavy tail) are kept
 * as they are, and so is the atom at zero. Signs need no separate treatment (paper-notes.md, compression of a weight
 * measure).
 *
 * The error is measured, not assumed: the largest |Im ∫ log(1 − a/p) d(ν − ν')| / (π γ) over sampled points of the
 * curve, the first-order change of the distribution function, plus the proved bound of the first stage.
 *
 * @throws UsageError on options out of range
 */
export function compressMeasure(
  measure: DiscreteMeasure,
  { maximumNodes = Infinity, tolerance = 1e-13, aspectRatio }: CompressOptions,
): CompressedMeasure {
  if (!(maximumNodes >= 2)) throw new UsageError(`maximumNodes must be 2 or more, got ${maximumNodes}`);
  if (!(tolerance > 0 && tolerance < 1)) throw new UsageError(`tolerance must lie between 0 and 1, got ${tolerance}`);
  if (!(aspectRatio > 0 && Number.isFinite(aspectRatio)))
    throw new UsageError(`aspectRatio must be positive and finite, got ${aspectRatio}`);
  const scale = Math.max(Math.abs(measure.nodes[0]), Math.abs(measure.nodes[measure.nodes.length - 1]));
  if (scale === 0) return { measure, error: 0 };
  const live = withoutZero(measure, scale);
  if (live.nodes.length <= Math.min(maximumNodes, 8)) return { measure, error: 0 };

  const first = replaced(
    live,
    partitionNodes(live.nodes, (from, to) => provedCount(live, aspectRatio, provedShare * tolerance, from, to)),
  );
  const coarse = replaced(
    first,
    partitionNodes(first.nodes, (from, to) => provedCount(first, aspectRatio, 0.05, from, to)),
  );
  const curve = sampledCurve(coarse, aspectRatio, false);
  const attempt = (aim: number): { nodes: Nodes; error: number } => {
    const nodes = replaced(
      first,
      partitionNodes(first.nodes, (from, to) => estimatedCount(first.nodes, curve, aim, from, to)),
    );
    return {
      nodes,
      error:
        distributionError(first, nodes, aspectRatio) +
        (first.nodes.length === live.nodes.length ? 0 : provedShare * tolerance),
    };
  };
  let aim = tolerance * safety;
  let result = attempt(aim);
  if (result.error > tolerance) result = attempt((aim *= safety));
  while (result.nodes.nodes.length > maximumNodes && aim < 1) result = attempt((aim *= 30));
  const { nodes, error } = result;
  if (nodes.nodes.length === live.nodes.length) return { measure, error: 0 };
  return { measure: withZero(nodes, measure, scale), error };
}

function withoutZero(measure: DiscreteMeasure, scale: number): Nodes {
  const zero = measure.nodes.indexOf(0);
  const nodes = withoutEntry(measure.nodes, zero);
  for (let k = 0; k < nodes.length; k++) nodes[k] /= scale;
  return { nodes, masses: withoutEntry(measure.masses, zero) };
}

/** A copy, whole where there is no such index. */
function withoutEntry(values: Float64Array, index: number): Float64Array {
  if (index < 0) return values.slice();
  const rest = new Float64Array(values.length - 1);
  rest.set(values.subarray(0, index));
  rest.set(values.subarray(index + 1), index);
  return rest;
}

function withZero(live: Nodes, measure: DiscreteMeasure, scale: number): DiscreteMeasure {
  const nodes = Array.from(live.nodes, (node) => node * scale);
  const masses = Array.from(live.masses);
  const zero = measure.nodes.indexOf(0);
  if (zero >= 0) {
    const at = nodes.findIndex((node) => node > 0);
    nodes.splice(at < 0 ? nodes.length : at, 0, 0);
    masses.splice(at < 0 ? masses.length : at, 0, measure.masses[zero]);
  }
  return { nodes: Float64Array.from(nodes), masses: Float64Array.from(masses) };
}

function replaced({ nodes, masses }: Nodes, groups: readonly NodeGroup[]): Nodes {
  const newNodes: number[] = [];
  const newMasses: number[] = [];
  for (const { from, to, count } of groups) {
    const { nodes: n, masses: m } = gaussQuadrature(nodes.subarray(from, to), masses.subarray(from, to), count);
    for (let k = 0; k < n.length; k++) {
      newNodes.push(n[k]);
      newMasses.push(m[k]);
    }
  }
  return { nodes: Float64Array.from(newNodes), masses: Float64Array.from(newMasses) };
}

/**
 * Nodes that are certain to be enough for a run. Every p of interest has Σ w a²/|p − a|² ≤ γ, so it is at least r =
 * √(Σ_run w a²/γ) away from some weight of the run, hence r − h away from its middle, h the half width; then a Gauss
 * quadrature of n nodes has error at most (2/n) R^{−2n}/(1 − 1/R) per unit of mass, R = η + √(η² − 1), η = r/h − 1.
 */
function provedCount(
  { nodes, masses }: Nodes,
  aspectRatio: number,
  tolerance: number,
  from: number,
  to: number,
): number {
  let squares = 0;
  for (let i = from; i < to; i++) squares += masses[i] * nodes[i] * nodes[i];
  const eta = Math.sqrt(squares / aspectRatio) / ((nodes[to - 1] - nodes[from]) / 2) - 1;
  if (!(eta > 1.02)) return Infinity;
  const ratio = eta + Math.sqrt(eta * eta - 1);
  const allowed = tolerance * Math.PI * Math.min(aspectRatio, 1) * (1 - 1 / ratio);
  return Math.max(1, Math.ceil(Math.log(2 / allowed) / (2 * Math.log(ratio))));
}

/** Nodes that should be enough for a run, from the ellipse with foci at its ends through the nearest sampled point. */
function estimatedCount(
  nodes: Float64Array,
  curve: readonly CurveSample[],
  aim: number,
  from: number,
  to: number,
): number {
  const centre = (nodes[from] + nodes[to - 1]) / 2;
  const half = (nodes[to - 1] - nodes[from]) / 2;
  let low = 0;
  let high = curve.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curve[middle].re < centre - 8 * half) low = middle + 1;
    else high = middle;
  }
  // Points further away than eight half widths have a sum of at least 16.
  let sum = 16;
  for (; low < curve.length && curve[low].re <= centre + 8 * half; low++) {
    const x = (curve[low].re - centre) / half;
    const y = curve[low].im / half;
    sum = Math.min(sum, Math.sqrt((x - 1) * (x - 1) + y * y) + Math.sqrt((x + 1) * (x + 1) + y * y));
  }
  const axis = sum / 2;
  if (!(axis > 1.0005)) return Infinity;
  // An aim above 1 asks for nothing: a run keeps at least its mean.
  return Math.max(1, Math.ceil(-Math.log(aim) / (2 * Math.log(axis + Math.sqrt(axis * axis - 1)))));
}

interface CurveSample {
  readonly re: number;
  readonly im: number;
}

/** The curve at real parts on, between (`between`) and beyond the nodes, ascending. */
function sampledCurve({ nodes, masses }: Nodes, aspectRatio: number, between: boolean): CurveSample[] {
  const squares = nodes.map((node, k) => masses[k] * node * node);
  const offsets = nodes.map((node) => -node);
  const size = nodes.length;
  const reals: number[] = [];
  const stride = Math.max(1, Math.floor(size / largestSample));
  for (let k = 0; k < size; k += stride) {
    const here = nodes[k];
    const next = k + 1 < size ? nodes[k + 1] : here;
    if (between) reals.push(here + (next - here) * 0.37);
    else reals.push(here, (here + next) / 2);
  }
  let total = 0;
  for (const square of squares) total += square;
  // No point of the curve is further than this from every node.
  const reach = Math.sqrt(total / aspectRatio);
  for (const share of [0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 0.95])
    reals.push(nodes[0] - share * reach, nodes[size - 1] + share * reach);
  const samples: CurveSample[] = [];
  let im = 0;
  for (const re of Float64Array.from(reals).sort()) {
    im = contourHeight(squares, offsets, aspectRatio, re, sampleTolerance, im);
    if (im > 0) samples.push({ re, im });
  }
  return samples;
}

/** Largest first-order change of the distribution function over the curve when `exact` is replaced by `candidate`. */
function distributionError(exact: Nodes, candidate: Nodes, aspectRatio: number): number {
  let worst = 0;
  // Nodes that stayed give both the same.
  const [before, after] = [without(exact, candidate), without(candidate, exact)];
  for (const { re, im } of sampledCurve(candidate, aspectRatio, true)) {
    worst = Math.max(worst, Math.abs(argument(before, re, im) - argument(after, re, im)));
  }
  return worst / (Math.PI * aspectRatio);
}

/** The nodes that the other has not with the same mass; both ascend. */
function without({ nodes, masses }: Nodes, other: Nodes): Nodes {
  let k = 0;
  const isOwn = nodes.map((node, j) => {
    while (k < other.nodes.length && other.nodes[k] < node) k++;
    return other.nodes[k] === node && other.masses[k] === masses[j] ? 0 : 1;
  });
  const own = (_: number, j: number): boolean => isOwn[j] === 1;
  return { nodes: nodes.filter(own), masses: masses.filter(own) };
}

/** Im ∫ log(p − a) dν. */
function argument({ nodes, masses }: Nodes, re: number, im: number): number {
  let sum = 0;
  for (let j = 0; j < nodes.length; j++) sum += masses[j] * Math.atan2(im, re - nodes[j]);
  return sum;
}
