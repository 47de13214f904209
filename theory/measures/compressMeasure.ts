import type { DiscreteMeasure } from '../contracts.js';
import { UsageError } from '../errors.js';
import { contourHeight } from './contourHeight.js';
import { discreteMeasure } from './discreteMeasure.js';
import { eigenQuadrature, jacobiMatrix } from './gaussQuadrature.js';

export interface CompressOptions {
  /** Most nodes to return, the atom at zero not counted; 128 by default. */
  readonly maximumNodes?: number;
  /** Largest error of the distribution function of the law of these weights; 1e-12 by default. */
  readonly tolerance?: number;
  /** The aspect ratio at which the compressed measure will be used and is verified; 1 by default. The error grows with it. */
  readonly aspectRatio?: number;
}

export interface CompressedMeasure {
  readonly measure: DiscreteMeasure;
  /** Measured bound on the change of the law's distribution function, absolute; 0 when nothing was compressed. */
  readonly error: number;
}

/** Sizes tried, in shares of the nodes of the longer side; Gauss quadrature converges geometrically, so few are needed. */
const sizes = [12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];

/**
 * A measure of few nodes that gives the same generalised Marčenko–Pastur law: Gauss quadrature of the negative and of the
 * positive part (2n moments of each are kept), the atom at zero as it is. The error is measured, not assumed: it is the
 * largest |∫ log(1 − a/p) d(ν − ν')| / (π γ) over the curve of p that carries the support, which is the first-order change of
 * the distribution function. When `maximumNodes` does not reach the tolerance the best measure found is returned with its error.
 *
 * @throws UsageError on options out of range
 */
export function compressMeasure(
  measure: DiscreteMeasure,
  { maximumNodes = 128, tolerance = 1e-12, aspectRatio = 1 }: CompressOptions = {},
): CompressedMeasure {
  if (!(Number.isInteger(maximumNodes) && maximumNodes >= 2)) throw new UsageError(`maximumNodes must be a whole number, 2 or more; got ${maximumNodes}`);
  if (!(tolerance > 0)) throw new UsageError(`tolerance must be positive; got ${tolerance}`);
  if (!(aspectRatio > 0)) throw new UsageError(`aspectRatio must be positive; got ${aspectRatio}`);
  const live = Array.from(measure.nodes.keys()).filter((i) => measure.nodes[i] !== 0);
  if (live.length <= Math.min(maximumNodes, sizes[0])) return { measure, error: 0 };
  const sides = [-1, 1].map((sign) => {
    const indices = live.filter((i) => Math.sign(measure.nodes[i]) === sign);
    const nodes = Float64Array.from(indices, (i) => measure.nodes[i]);
    const masses = Float64Array.from(indices, (i) => measure.masses[i]);
    const most = Math.ceil((maximumNodes * indices.length) / live.length);
    return { nodes, masses, most, jacobi: indices.length === 0 ? undefined : jacobiMatrix(nodes, masses, Math.min(most, indices.length)) };
  });
  const zero = measure.nodes.findIndex((node) => node === 0);
  let best: CompressedMeasure | undefined;
  for (const size of [...sizes.filter((s) => s < maximumNodes), maximumNodes]) {
    const nodes: number[] = zero >= 0 ? [0] : [];
    const masses: number[] = zero >= 0 ? [measure.masses[zero]] : [];
    for (const { jacobi, nodes: sideNodes, masses: sideMasses } of sides) {
      if (jacobi === undefined) continue;
      const length = Math.min(Math.ceil((size * sideNodes.length) / live.length), jacobi.diagonal.length);
      const part =
        length >= sideNodes.length
          ? { nodes: sideNodes, masses: sideMasses }
          : eigenQuadrature(jacobi.diagonal.subarray(0, length), jacobi.offDiagonal.subarray(0, length - 1), jacobi.total);
      nodes.push(...part.nodes);
      masses.push(...part.masses);
    }
    const candidate = discreteMeasure(nodes, masses);
    const error = distributionError(measure, candidate, aspectRatio);
    if (best === undefined || error < best.error) best = { measure: candidate, error };
    if (error <= tolerance) break;
  }
  return best as CompressedMeasure;
}

/** Largest first-order change of the distribution function when `exact` is replaced by `candidate`. */
function distributionError(exact: DiscreteMeasure, candidate: DiscreteMeasure, aspectRatio: number): number {
  const squares = candidate.nodes.map((node, k) => candidate.masses[k] * node * node);
  const offsets = candidate.nodes.map((node) => -node);
  const largest = Math.max(Math.abs(candidate.nodes[0]), Math.abs(candidate.nodes[candidate.nodes.length - 1]));
  const points: number[] = [];
  for (let k = 0; k < candidate.nodes.length; k++) {
    const node = candidate.nodes[k];
    points.push(node);
    if (k > 0) points.push((node + candidate.nodes[k - 1]) / 2);
  }
  for (const share of [1.05, 1.25, 1.75, 3]) points.push(share * largest, -share * largest);
  points.push(0);
  let worst = 0;
  for (const re of points) {
    const im = contourHeight(squares, offsets, aspectRatio, re);
    if (im === 0) continue;
    worst = Math.max(worst, Math.abs(logTransform(exact, re, im) - logTransform(candidate, re, im)));
  }
  return worst / (Math.PI * aspectRatio);
}

/** Im ∫ log(1 − a/p) dν. */
function logTransform({ nodes, masses }: DiscreteMeasure, re: number, im: number): number {
  const phase = Math.atan2(im, re);
  let sum = 0;
  for (let j = 0; j < nodes.length; j++) sum += masses[j] * (Math.atan2(im, re - nodes[j]) - phase);
  return sum;
}
