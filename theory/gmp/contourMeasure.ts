import type { DiscreteMeasure } from '../contracts.js';
import { UsageError } from '../errors.js';
import { twoProduct, twoSum, type DoubleDouble } from '../numerics/doubleDouble.js';

/** A quadrature with complex nodes and masses. */
export interface ComplexRule {
  readonly nodesRe: Float64Array;
  /** Negative or 0; positive when folded. */
  readonly nodesIm: Float64Array;
  readonly massesRe: Float64Array;
  readonly massesIm: Float64Array;
}

/**
 * A law of weights with an analytic density, as a quadrature on a path below the real axis: Σ mass · f(node)
 * is E f(a) for every f analytic between the path and the upper half-plane. Such a rule has no poles where the law is
 * solved, so a thin tail of the weights needs no more nodes than their bulk; real nodes would each open a gap in the
 * support.
 */
export interface ContourMeasure extends ComplexRule {
  /**
   * The smallest weight, where there are negative ones; 0 by default. Then the largest is finite too; or it is −Infinity, the
   * largest Infinity and the mean not negative: weights with two thin tails.
   */
  readonly smallest?: number;
  /**
   * True of weights of both signs whose density dies out at both ends faster than any power, so that the law may have no edge
   * there.
   */
  readonly fades?: boolean;
  /** 1 minus the mass of an atom at 0, which the rule leaves out; 1 by default. */
  readonly liveMass?: number;
  /** How near to an extreme weight, relatively, the rule tells p from it; 1e-13 by default. */
  readonly nearest?: number;
  /** The largest weight, where the law of the weights has one; Infinity by default. */
  readonly largest?: number;
  /**
   * True where a = 4·largest·Q/(1 + Q)² with a law of log Q that is even: weights that are frequent up to the largest,
   * near which E f(a) has a square-root singularity that no path in a can pass. The nodes are then Q, above the axis
   * (paper-notes.md, folded weights).
   */
  readonly folded?: boolean;
  /** A quadrature of the same law on the real axis, for moments and for points far from the weights. */
  readonly real: DiscreteMeasure;
}

/**
 * Shift of the path in steps of the grid: the quadrature then has relative error e^{−2π·4.5} = 5e-13 for a pole on the
 * axis.
 */
const shift = 4.5;

/**
 * Moves a trapezoidal rule on a uniform grid v_k below the real axis. A density that is band-limited to rounding on its
 * grid (as any rule that converges geometrically is, at half its step) is known off the axis by the sinc interpolation
 * of its values; the interpolation grows by e^{π·4.5}, which costs six of sixteen digits of the largest mass, never of
 * the result's size.
 *
 * @param points uniform ascending grid
 * @param masses the rule's masses, step · density
 * @param weightAt the weight at a complex v
 * @param side −1, below the axis, for a weight that increases in v; 1, above it, for one that decreases
 * @throws UsageError when the grid is not uniform
 */
export function shiftedRule(
  points: ArrayLike<number>,
  masses: ArrayLike<number>,
  weightAt: (re: number, im: number) => { re: number; im: number },
  side: 1 | -1 = -1,
): ComplexRule {
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
  // sinc(n + ic) = i (−1)^n sinh(πc) (n − ic) / (π (n² + c²)), c the shift with its sign. The sum loses the digits that
  // sinh(πc) gains, and its own rounding, unlike that of the masses, is not band-limited: hence pairs of doubles.
  const c = side * shift;
  const factor = Math.sinh(Math.PI * c) / Math.PI;
  const kernelRe = Array.from({ length: size }, (_, n) => quotient(n % 2 === 0 ? c : -c, n * n + c * c));
  const kernelIm = Array.from({ length: size }, (_, n) => quotient(n % 2 === 0 ? n : -n, n * n + c * c));
  for (let k = 0; k < size; k++) {
    const { re, im } = weightAt(points[k], c * step);
    nodesRe[k] = re;
    nodesIm[k] = im;
    massesRe[k] = factor * convolution(masses, kernelRe, k, 1);
    massesIm[k] = factor * convolution(masses, kernelIm, k, -1);
  }
  return { nodesRe, nodesIm, massesRe, massesIm };
}

/** numerator/denominator to twice the digits of a double. */
function quotient(numerator: number, denominator: number): DoubleDouble {
  const high = numerator / denominator;
  const [back, backLow] = twoProduct(high, denominator);
  return [high, (numerator - back - backLow) / denominator];
}

/** Σ_j masses_j kernel_{k − j} with kernel_{−n} = parity · kernel_n, rounded once. */
function convolution(masses: ArrayLike<number>, kernel: readonly DoubleDouble[], k: number, parity: 1 | -1): number {
  let high = 0;
  let low = 0;
  for (let j = 0; j < masses.length; j++) {
    const [value, rest] = kernel[Math.abs(k - j)];
    const [product, productLow] = twoProduct(j > k ? parity * masses[j] : masses[j], value);
    const [sum, sumLow] = twoSum(high, product);
    high = sum;
    low += sumLow + productLow + (j > k ? parity : 1) * masses[j] * rest;
  }
  return high + low;
}
