import { gateProbability } from './gates.js';
import { gramFactor } from '../numerics/gramFactor.js';
import { forEachLatticePoint } from '../numerics/latticePoints.js';
import { normalQuantile } from '../numerics/normalDistribution.js';

export interface PreactivationOptions {
  readonly caller: string;
  /** m×m covariance of the pre-activations u = Wx. */
  readonly gram: ArrayLike<number>;
  readonly width: number;
  readonly i: number;
  readonly j: number;
  /** Keep to the region where units i and j are both positive; its mass is returned as `liveFraction`. */
  readonly bothPositive: boolean;
  /** Coordinates wanted beyond the pre-activations, uniform on (0, 1): one for a label. */
  readonly extraUniforms: number;
}

/** Cubature points of the pre-activations u ~ N(0, Gram), the units i and j first in the lattice's order. */
export interface PreactivationPoints {
  readonly liveFraction: number;
  /** Visits `points` points of one fixed shift; both arrays are reused. */
  forEach(
    points: number,
    shift: number,
    visit: (preactivations: Float64Array, uniforms: Float64Array, index: number) => void,
  ): void;
}

/**
 * On the open gates the two units live in a wedge of the plane of their whitened coordinates: the polar angle is
 * uniform on it and the squared radius exponential, so no point is wasted and the mass of the wedge, (π − angle)/2π, is
 * exact.
 */
export function preactivationPoints(options: PreactivationOptions): PreactivationPoints {
  const { caller, gram, width, i, j, bothPositive, extraUniforms } = options;
  const { factor, order } = gramFactor(caller, gram, width, [i, j]);
  const single = i === j;
  // Notation: u_i = l11 e1, u_j = l21 e1 + l22 e2.
  const angle = single ? 0 : Math.PI / 2 - Math.atan2(factor[width], factor[width + 1]);
  const wedge = Math.PI - angle;
  return {
    liveFraction: bothPositive ? gateProbability(angle) : 1,
    forEach: (points, shift, visit) => {
      const normal = new Float64Array(width);
      const preactivations = new Float64Array(width);
      const uniforms = new Float64Array(extraUniforms);
      // The label comes right after the gated units: it matters more than the other units do.
      const lead = Math.min(width, single ? 1 : 2);
      forEachLatticePoint({ dimension: width + extraUniforms, points, shift }, (point, quantiles, index) => {
        for (let k = 0; k < extraUniforms; k += 1) uniforms[k] = point[lead + k];
        for (let k = 0; k < width; k += 1)
          normal[k] = k < lead && bothPositive ? 0 : quantiles[k < lead ? k : k + extraUniforms];
        if (bothPositive && single) {
          normal[0] = -normalQuantile(point[0] / 2);
        } else if (bothPositive) {
          const direction = Math.PI / 2 - wedge * point[0];
          const radius = Math.sqrt(-2 * Math.log(point[1]));
          normal[0] = radius * Math.cos(direction);
          normal[1] = radius * Math.sin(direction);
        }
        for (let row = 0; row < width; row += 1) {
          let sum = 0;
          for (let k = 0; k <= row; k += 1) sum += factor[row * width + k] * normal[k];
          preactivations[order[row]] = sum;
        }
        visit(preactivations, uniforms, index);
      });
    },
  };
}
