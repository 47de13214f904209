import { gaussLegendre } from '../numerics/gaussLegendre.js';

/** A quadrature of the Marčenko–Pastur law on its interval; its atom at 0 is apart. */
export interface MarchenkoPasturRule {
  readonly nodes: Float64Array;
  readonly masses: Float64Array;
  /** max(0, 1 − 1/γ). */
  readonly atZero: number;
}

/** Halvings towards each edge: 2^−44 of the angle holds a mass below 1e-13 at every aspect ratio. */
const halvings = 44;
/** A node count that integrates e^{−50 t} over an interval of length 1 to rounding. */
const nodesPerInterval = 32;

/**
 * A rule for functions that change over any fraction of the distance from an edge, such as (1 − ηλ)^{2k} with k in the
 * millions: λ = λ₋ + 4√γ sin²(θ/2) has mass (2/π) sin²θ/λ dθ, by Gauss–Legendre on intervals of θ that halve towards
 * both edges. The pole of 1/λ stays as far from an interval as that is long, so γ near 1 costs nothing. Error below
 * 1e-13 of the largest value of f for f = e^{−sλ}, λ^j e^{−sλ}, s ≥ 0, and for powers (1 − ηλ)^{2k}.
 */
export function marchenkoPasturRule(aspectRatio: number): MarchenkoPasturRule {
  const root = Math.sqrt(aspectRatio);
  const lower = ((1 - aspectRatio) / (1 + root)) ** 2;
  const nodes: number[] = [];
  const masses: number[] = [];
  for (let k = 0; k <= halvings; k++) {
    const outer = (Math.PI / 2) * 2 ** -k;
    const angles = gaussLegendre(nodesPerInterval, k === halvings ? 0 : outer / 2, outer);
    angles.nodes.forEach((angle, n) => {
      const square = Math.sin(angle / 2) ** 2;
      const weight = (2 / Math.PI) * 4 * square * (1 - square) * angles.masses[n];
      for (const value of [lower + 4 * root * square, lower + 4 * root * (1 - square)]) {
        nodes.push(value);
        masses.push(weight / value);
      }
    });
  }
  return {
    nodes: Float64Array.from(nodes),
    masses: Float64Array.from(masses),
    atZero: Math.max(0, 1 - 1 / aspectRatio),
  };
}
