import type { DiscreteMeasure } from '../contracts.js';
import { UsageError } from '../errors.js';

/**
 * A law of positive weights with an analytic density, as a quadrature on a path below the real axis: Σ mass · f(node) is
 * E f(a) for every f analytic between the path and the upper half-plane. Such a rule has no poles where the law is solved, so a
 * thin tail of the weights needs no more nodes than their bulk; real nodes would each open a gap in the support.
 */
export interface ContourMeasure {
  readonly nodesRe: Float64Array;
  /** Negative or 0. */
  readonly nodesIm: Float64Array;
  readonly massesRe: Float64Array;
  readonly massesIm: Float64Array;
  /** A quadrature of the same law on the real axis, for moments and for points far from the weights. */
  readonly real: DiscreteMeasure;
}

/** Shift of the path in steps of the grid: the quadrature then has relative error e^{−2π·4.5} = 5e-13 for a pole on the axis. */
const shift = 4.5;

/**
 * Moves a trapezoidal rule on a uniform grid v_k below the real axis. A density that is band-limited to rounding on its grid (as
 * any rule that converges geometrically is, at half its step) is known off the axis by the sinc interpolation of its values;
 * the interpolation grows by e^{π·4.5}, which costs six of sixteen digits of the largest mass, never of the result's size.
 *
 * @param points uniform ascending grid
 * @param masses the rule's masses, step · density
 * @param weightAt the weight at a complex v
 * @param bend where the weight decreases in v the path must run above the axis: the share of the shift, from 1 (weight increasing)
 *   to −1 (decreasing), and its derivative, at a real v; 1 everywhere by default
 * @throws UsageError when the grid is not uniform
 */
export function shiftedRule(
  points: ArrayLike<number>,
  masses: ArrayLike<number>,
  weightAt: (re: number, im: number) => { re: number; im: number },
  bend: (v: number) => { share: number; slope: number } = () => ({ share: 1, slope: 0 }),
): Omit<ContourMeasure, 'real'> {
  const size = points.length;
  const step = (points[size - 1] - points[0]) / (size - 1);
  for (let k = 0; k < size; k++) {
    if (!(Math.abs(points[k] - points[0] - k * step) <= 1e-9 * step * size)) {
      throw new UsageError(`points must form a uniform grid; point ${k} is ${points[k]}`);
    }
  }
  const nodesRe = new Float64Array(size);
  const nodesIm = new Float64Array(size);
  const massesRe = new Float64Array(size);
  const massesIm = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    const { share, slope } = bend(points[k]);
    const c = shift * share;
    const { re, im } = weightAt(points[k], -c * step);
    nodesRe[k] = re;
    nodesIm[k] = im;
    // sinc(n − ic) = −i (−1)^n sinh(πc) (n + ic) / (π (n² + c²)); at c = 0 it is 1 for n = 0 and 0 else.
    const factor = Math.sinh(Math.PI * c) / Math.PI;
    let sumRe = 0;
    let sumIm = 0;
    for (let j = 0; j < size; j++) {
      const n = k - j;
      const square = n * n + c * c;
      if (square === 0) {
        sumRe += masses[j];
        continue;
      }
      const term = ((n % 2 === 0 ? factor : -factor) * masses[j]) / square;
      sumRe += term * c;
      sumIm -= term * n;
    }
    // Times the direction of the path, 1 − i · shift · step · slope.
    const turn = -shift * step * slope;
    massesRe[k] = sumRe - sumIm * turn;
    massesIm[k] = sumIm + sumRe * turn;
  }
  return { nodesRe, nodesIm, massesRe, massesIm };
}
