import type { DiscreteMeasure } from '../contracts.js';
import type { WeightTransform } from './weightTransform.js';

/** An end of the support: x = z(p) with z′(p) = 0, or the point that the law fades out at. */
export interface OuterEnd {
  readonly at: number;
  /** Mass of the law up to where the square root of the edge is all there is; 0 where there is no such edge. */
  readonly rootMass: number;
}

/**
 * The lower edge z(−y) of the law of positive weights at aspect ratio γ < 1: E[(a/(a + y))²] = γ, and there z = y²
 * E[a/(a + y)²], a sum of positive terms. Real nodes serve it to rounding: as a function of log a the integrand is
 * analytic in a strip of half-width π.
 */
export function lowerEdge({ nodes, masses }: DiscreteMeasure, aspectRatio: number): number {
  const first = nodes.findIndex((node) => node > 0);
  const share = (y: number): number => {
    let sum = 0;
    for (let k = 0; k < nodes.length; k++) sum += masses[k] * (nodes[k] / (nodes[k] + y)) ** 2;
    return sum;
  };
  let low = Math.log(nodes[first]) - 40;
  let high = Math.log(nodes[nodes.length - 1]) + 40 + Math.abs(Math.log(aspectRatio));
  for (let step = 0; step < 200 && high - low > 1e-15 * Math.abs(low); step++) {
    const middle = 0.5 * (low + high);
    if (share(Math.exp(middle)) > aspectRatio) low = middle;
    else high = middle;
  }
  const y = Math.exp(0.5 * (low + high));
  let sum = 0;
  for (let k = 0; k < nodes.length; k++) sum += masses[k] * (nodes[k] / (nodes[k] + y) ** 2);
  return y * y * sum;
}

/**
 * The outer end of the law of weights that end at `extreme` (the largest, or the smallest where that is negative): the
 * edge z(p), E[a²/(p − a)²] = γ with p beyond `extreme`, or z(extreme) where the weights are too thin there for that to
 * have a root.
 *
 * @param nearest how near to `extreme`, relatively, the transform is known
 */
export function outerEnd(transform: WeightTransform, extreme: number, aspectRatio: number, nearest: number): OuterEnd {
  const values = new Float64Array(4);
  const excess = (distance: number): number => {
    const offset = transform.evaluate(extreme * (1 + distance), 0, values);
    values[0] -= offset;
    return values[2] + offset - aspectRatio;
  };
  let low = Math.log(nearest);
  if (!(excess(nearest) > 0)) return { at: extreme * (aspectRatio + values[0]), rootMass: 0 };
  let high = Math.log(2 + 2 / Math.sqrt(aspectRatio));
  while (excess(Math.exp(high)) > 0) high += 1;
  for (let step = 0; step < 200 && high - low > 1e-15 * Math.abs(low); step++) {
    const middle = 0.5 * (low + high);
    if (excess(Math.exp(middle)) > 0) low = middle;
    else high = middle;
  }
  const distance = Math.exp(0.5 * (low + high));
  const p = extreme * (1 + distance);
  const beyond = excess(1.1 * distance);
  excess(distance);
  const at = p * (aspectRatio + values[0]);
  // z″ = −dE[a²/(p − a)²]/dp; the parabola reaches as far as p is from the weights.
  const width = Math.abs(extreme) * distance;
  const reach = 0.5 * Math.abs(beyond / (0.1 * width)) * width * width;
  return { at, rootMass: ((2 / 3) * width * reach) / (Math.PI * aspectRatio * p * p) };
}
