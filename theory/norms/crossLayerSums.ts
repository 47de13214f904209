import type { ActivationName, Loss } from '../contracts.js';
import { activationFunctions } from '../network/activationFunctions.js';
import type { CubatureKernels, FieldProducts } from '../network/cubatureKernels.js';
import { batchLength, plainKernels } from '../network/plainKernels.js';
import { squaredLengths } from '../numerics/fields.js';
import { copyNormals, forEachLatticeBatch } from '../numerics/latticePoints.js';

/** V and what is given beside it, and the sizes of the model. */
export interface GivenReadoutSpec {
  readonly loss: Loss;
  readonly activation: ActivationName;
  readonly classes: number;
  readonly width: number;
  readonly dimension: number;
  readonly samples: number;
  /** V as drawn, C×m, row-major. */
  readonly readout: Float64Array;
  /** W Wᵀ as drawn, m×m; or the variance factor of the hidden layer, for its limit. */
  readonly preactivationGram: Float64Array | number;
  /** The classes j to average over; by default the first 16. */
  readonly outputs?: readonly number[];
  /** Lattice points per shift, a power of two up to 2^14. Default 2048. */
  readonly points?: number;
  /** Number of lattice shifts, at least 2. Default 8. */
  readonly shifts?: number;
  /** Who computes sums over classes and over points; plain loops by default. */
  readonly kernels?: CubatureKernels;
}

/** What a block's entries are the sum of, and its own column and the others. */
export type Part = 'residual' | 'curvature' | 'column' | 'otherColumns';

/** One shift's estimates. */
export interface ShiftSums {
  /** Of E[(d − m + |z|²) s²] / N of each part, summed over its scalars s. */
  readonly squares: Record<Part, number>;
  /** E[z s] of the residual's s, m numbers for each output and unit. */
  readonly residualMeans: Float64Array;
  /** E[z s] of the curvature's s, m for each column, for each output and unit. */
  readonly curvatureMeans: Float64Array;
}

/**
 * With u_i the gate of unit i, the residual's s is u_i (f_j − y_j), f the outputs or probabilities, and that of column k
 * of the curvature is b h_k, b = u_i v_ji or u_i p_j (v_ji − E_p v_i): sums over points of products of fields. The whole
 * own column is the residual and column i.
 */
export function shiftSums(spec: GivenReadoutSpec, outputs: readonly number[], factor: Float64Array) {
  const { loss, classes, width, dimension, samples, readout, points = 2048, kernels = plainKernels } = spec;
  const activation = activationFunctions(spec.activation);
  const length = batchLength(loss === 'ce' ? classes : 1, points);
  const rows = outputs.length * width;
  const units = [...Array(width).keys()];
  const fields = kernels.cubature({
    ...{ width, length },
    layer: { factor, activation, slopes: units },
    ...(loss === 'ce' ? { readout: { entries: readout, classes, columns: units, pairs: [] } } : {}),
    products: [
      { rows, columns: 'points' },
      { rows, columns: 'features', others: 'points' },
    ],
  });
  const { stride, features, slopes, probabilities, means } = fields;
  const [residuals, bends] = fields.products as [FieldProducts, FieldProducts];
  const weights = new Float64Array(length);
  const featureSquares = new Float64Array(length);
  const logits = new Float64Array(length);
  const pulls = new Float64Array(length);
  const squarePulls = new Float64Array(length);
  const bendSquares = new Float64Array(width * stride);
  const mixed = new Float64Array(width * stride);

  const fillLogits = (output: number, count: number): void => {
    logits.fill(0, 0, count);
    for (let k = 0; k < width; k++) {
      const entry = readout[output * width + k]!;
      for (let n = 0; n < count; n++) logits[n]! += entry * features[k * stride + n]!;
    }
  };
  /** Residuals and bends of all units with one output, and what their squares add to sums over outputs. */
  const fillRows = (position: number, count: number): void => {
    const output = outputs[position]!;
    if (loss === 'mse') fillLogits(output, count);
    for (let n = 0; n < count; n++) {
      const value = loss === 'mse' ? logits[n]! : probabilities[output * stride + n]!;
      pulls[n] = value - 1 / classes;
      // E r² over the label, which is j with probability 1/C.
      squarePulls[n]! += value * value - (2 * value) / classes + 1 / classes;
    }
    for (let i = 0; i < width; i++) {
      const entry = readout[output * width + i]!;
      const to = (position * width + i) * stride;
      for (let n = 0, at = i * stride; n < count; n++, at++) {
        const gate = slopes[at]!;
        const pull = gate * pulls[n]!;
        const bend = gate * (loss === 'mse' ? entry : probabilities[output * stride + n]! * (entry - means[at]!));
        residuals.left[to + n] = pull;
        bends.left[to + n] = bend;
        bendSquares[at]! += bend * bend;
        mixed[at]! += pull * bend;
      }
    }
  };
  return (shift: number): ShiftSums => {
    const squares = { residual: 0, curvature: 0, column: 0, otherColumns: 0 };
    residuals.sums.fill(0);
    bends.sums.fill(0);
    forEachLatticeBatch({ dimension: width, points, shift, length }, (batch) => {
      const { count } = batch;
      copyNormals(batch, width, fields.points, stride);
      fields.update(count);
      squaredLengths(fields.points, stride, width, count, weights);
      for (let n = 0; n < count; n++) weights[n] = (dimension - width + weights[n]!) / samples / points;
      squaredLengths(features, stride, width, count, featureSquares);
      for (const sums of [squarePulls, bendSquares, mixed]) sums.fill(0);
      outputs.forEach((_, position) => fillRows(position, count));
      for (let i = 0; i < width; i++) {
        let residual = 0;
        let curvature = 0;
        let own = 0;
        let cross = 0;
        for (let n = 0, at = i * stride; n < count; n++, at++) {
          const weight = weights[n]!;
          const gate = slopes[at]!;
          const h = features[at]!;
          residual += weight * gate * gate * squarePulls[n]!;
          curvature += weight * bendSquares[at]! * featureSquares[n]!;
          own += weight * bendSquares[at]! * h * h;
          cross += weight * mixed[at]! * h;
        }
        squares.residual += residual;
        squares.curvature += curvature;
        squares.column += residual + 2 * cross + own;
        squares.otherColumns += curvature - own;
      }
      residuals.add(count);
      bends.add(count);
    });
    const averages = (sums: Float64Array): Float64Array => sums.map((sum) => sum / points);
    return { squares, residualMeans: averages(residuals.sums), curvatureMeans: averages(bends.sums) };
  };
}
