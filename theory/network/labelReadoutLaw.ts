import type { DiscreteMeasure } from '../contracts.js';
import { discreteMeasure } from '../measures/discreteMeasure.js';
import { gaussQuadrature } from '../numerics/gaussQuadrature.js';

/** Up to this many different values every label is summed over. */
const largestExactLabels = 32;

/** Nodes that stand for more of them: polynomials up to degree 31 keep their means. */
const gaussNodes = 16;

/**
 * Law of v_{y,i}, the entry of column i of the readout that a uniform label y picks: the only way in which a label
 * enters the weights of a diagonal hidden block (paper-notes.md, blocks).
 *
 * Exact up to 32 different values, and all that is affine in v_{y,i}, like a weight, then has its exact law. Beyond,
 * the Gauss rule of 16 nodes: moments up to order 31 are exact, and a/(1 + γ a t) with a = α − β v is off by at most 4
 * F R^{−31}/(R − 1), F its largest modulus on the ellipse round the values' interval whose semi-axes, in units of half
 * that interval, add up to R, for any ellipse that leaves the pole outside.
 *
 * @param readout V, C×m row-major
 */
export function labelReadoutLaw(
  readout: ArrayLike<number>,
  classes: number,
  width: number,
  i: number,
): DiscreteMeasure {
  const law = discreteMeasure(Float64Array.from({ length: classes }, (_, c) => readout[c * width + i]));
  return law.nodes.length <= largestExactLabels ? law : gaussQuadrature(law.nodes, law.masses, gaussNodes);
}
