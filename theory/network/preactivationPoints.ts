import { gateProbability } from './gates.js';
import { gramFactor } from '../numerics/gramFactor.js';
import { copyCoordinate, forEachLatticeBatch, type LatticeBatch } from '../numerics/latticePoints.js';
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

/** Cubature points of the pre-activations u = A z ~ N(0, Gram), the units i and j first in the lattice's order. */
export interface PreactivationPoints {
  readonly liveFraction: number;
  /** A, m×m, row-major. */
  readonly factor: Float64Array;
  /** Visits `points` points of one fixed shift, as many at a time as fields have room for; the arrays are reused. */
  forEachBatch(points: number, shift: number, fields: PointRows, visit: (batch: PreactivationBatch) => void): void;
}

/** Where the points z go: m rows of room for `length` numbers, `stride` apart. */
export interface PointRows {
  readonly points: Float64Array;
  readonly length: number;
  readonly stride: number;
}

/** Points number `first` to `first + count − 1`. */
export interface PreactivationBatch {
  readonly first: number;
  readonly count: number;
  /** The extra coordinates, uniform on (0, 1), a row of `length` numbers for each. */
  readonly uniforms: Float64Array;
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
  // The label comes right after the gated units: it matters more than the other units do.
  const lead = Math.min(width, single ? 1 : 2);

  const byUnit = new Float64Array(width * width);
  order.forEach((unit, row) => byUnit.set(factor.subarray(row * width, (row + 1) * width), unit * width));

  /** The whitened coordinates of the units that come first, on the open gates. */
  const openGates = ({ uniforms, offset, stride, count }: LatticeBatch, to: PointRows): void => {
    for (let n = 0; n < count; n += 1) {
      const point = uniforms[offset + n];
      if (single) to.points[n] = -normalQuantile(point / 2);
      else {
        const direction = Math.PI / 2 - wedge * point;
        const radius = Math.sqrt(-2 * Math.log(uniforms[offset + stride + n]));
        to.points[n] = radius * Math.cos(direction);
        to.points[to.stride + n] = radius * Math.sin(direction);
      }
    }
  };
  return {
    liveFraction: bothPositive ? gateProbability(angle) : 1,
    factor: byUnit,
    forEachBatch: (points, shift, fields, visit) => {
      const { length } = fields;
      const uniforms = new Float64Array(extraUniforms * length);
      forEachLatticeBatch({ dimension: width + extraUniforms, points, shift, length }, (batch) => {
        for (let k = 0; k < extraUniforms; k += 1) copyCoordinate(batch, 'uniforms', lead + k, uniforms, k * length);
        for (let k = bothPositive ? lead : 0; k < width; k += 1)
          copyCoordinate(batch, 'normals', k < lead ? k : k + extraUniforms, fields.points, k * fields.stride);
        if (bothPositive) openGates(batch, fields);
        visit({ first: batch.first, count: batch.count, uniforms });
      });
    },
  };
}
