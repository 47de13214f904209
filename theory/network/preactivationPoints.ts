import { gateProbability } from './gates.js';
import { gramFactor, multiplyLowerFields } from '../numerics/gramFactor.js';
import { forEachLatticeBatch, type LatticeBatch } from '../numerics/latticePoints.js';
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
  /** Visits `points` points of one fixed shift, at most `length` at a time; the arrays are reused. */
  forEachBatch(points: number, shift: number, length: number, visit: (batch: PreactivationBatch) => void): void;
}

/** Points number `first` to `first + count − 1`; rows lie `length` numbers apart. */
export interface PreactivationBatch {
  readonly first: number;
  readonly count: number;
  /** u, m rows. */
  readonly preactivations: Float64Array;
  /** The extra coordinates, uniform on (0, 1), a row for each. */
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

  /** The whitened coordinates of the units that come first, on the open gates. */
  const openGates = ({ uniforms, offset, stride, count }: LatticeBatch, normal: Float64Array, length: number): void => {
    for (let n = 0; n < count; n += 1) {
      const point = uniforms[offset + n];
      if (single) normal[n] = -normalQuantile(point / 2);
      else {
        const direction = Math.PI / 2 - wedge * point;
        const radius = Math.sqrt(-2 * Math.log(uniforms[offset + stride + n]));
        normal[n] = radius * Math.cos(direction);
        normal[length + n] = radius * Math.sin(direction);
      }
    }
  };
  return {
    liveFraction: bothPositive ? gateProbability(angle) : 1,
    forEachBatch: (points, shift, length, visit) => {
      const normal = new Float64Array(width * length);
      const ordered = new Float64Array(width * length);
      const preactivations = new Float64Array(width * length);
      const uniforms = new Float64Array(extraUniforms * length);
      forEachLatticeBatch({ dimension: width + extraUniforms, points, shift, length }, (batch) => {
        const { offset, stride, first, count } = batch;
        const copy = (from: Float64Array, coordinate: number, to: Float64Array, row: number): void =>
          to.set(from.subarray(offset + coordinate * stride, offset + coordinate * stride + count), row * length);
        for (let k = 0; k < extraUniforms; k += 1) copy(batch.uniforms, lead + k, uniforms, k);
        for (let k = bothPositive ? lead : 0; k < width; k += 1)
          copy(batch.normals, k < lead ? k : k + extraUniforms, normal, k);
        if (bothPositive) openGates(batch, normal, length);
        multiplyLowerFields(factor, width, normal, { offset: 0, stride: length, count }, ordered, length);
        order.forEach((unit, row) =>
          preactivations.set(ordered.subarray(row * length, row * length + count), unit * length),
        );
        visit({ first, count, preactivations, uniforms });
      });
    },
  };
}
