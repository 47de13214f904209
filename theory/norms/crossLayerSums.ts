import type { ActivationName, Loss } from '../contracts.js';
import { activationFunctions } from '../network/activationFunctions.js';
import { activationRow } from '../network/activationRow.js';
import type { CubatureKernels, FieldProducts } from '../network/cubatureKernels.js';
import { batchLength, plainKernels } from '../network/plainKernels.js';
import { copyFields, squaredLengths } from '../numerics/fields.js';
import { multiplyLowerFields } from '../numerics/gramFactor.js';
import { forEachLatticeBatch } from '../numerics/latticePoints.js';

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
  const units = outputs.length * width;
  const [residuals, bends] = kernels.fieldProducts([
    { rows: units, columns: width, length },
    { rows: units, columns: width, others: width, length },
  ]) as [FieldProducts, FieldProducts];
  const outputsAt = outputFields(spec, outputs, kernels, length);
  const { features, stride } = outputsAt;
  const slopes = new Float64Array(width * length);
  const preactivations = new Float64Array(width * length);
  const weights = new Float64Array(length);
  const featureSquares = new Float64Array(length);
  const meanPulls = new Float64Array(length);
  const squarePulls = new Float64Array(length);

  return (shift: number): ShiftSums => {
    const squares = { residual: 0, curvature: 0, column: 0, otherColumns: 0 };
    residuals.sums.fill(0);
    bends.sums.fill(0);
    forEachLatticeBatch({ dimension: width, points, shift, length }, (batch) => {
      const { normals, offset, count } = batch;
      multiplyLowerFields(factor, width, normals, batch, preactivations, length);
      for (let k = 0; k < width; k++) {
        activationRow(activation, count, preactivations, k * length, features, k * stride, slopes);
        const from = offset + k * batch.stride;
        residuals.right.set(normals.subarray(from, from + count), k * residuals.stride);
      }
      copyFields(features, stride, width, count, bends.right, bends.stride);
      copyFields(residuals.right, residuals.stride, width, count, bends.others, bends.stride);
      squaredLengths(residuals.right, residuals.stride, width, count, weights);
      for (let n = 0; n < count; n++) weights[n] = (dimension - width + weights[n]!) / samples / points;
      squaredLengths(features, stride, width, count, featureSquares);
      outputsAt.update(count);
      for (let position = 0, row = 0; position < outputs.length; position++) {
        const output = outputsAt.output(position);
        for (let n = 0; n < count; n++) {
          const value = output[n]!;
          meanPulls[n] = value - 1 / classes;
          // E r² over the label, which is j with probability 1/C.
          squarePulls[n] = value * value - (2 * value) / classes + 1 / classes;
        }
        for (let i = 0; i < width; i++, row++) {
          const entry = readout[outputs[position]! * width + i]!;
          const mean = outputsAt.columnMeans?.[i];
          let residual = 0;
          let curvature = 0;
          let own = 0;
          let mixed = 0;
          for (let n = 0; n < count; n++) {
            const g = slopes[i * length + n]!;
            const h = features[i * stride + n]!;
            const meanPull = meanPulls[n]!;
            const bend = mean === undefined ? entry : output[n]! * (entry - mean[n]!);
            residuals.left[row * residuals.stride + n] = g * meanPull;
            bends.left[row * bends.stride + n] = g * bend;
            const weight = weights[n]! * g * g;
            const bendPower = weight * bend * bend;
            residual += weight * squarePulls[n]!;
            curvature += bendPower * featureSquares[n]!;
            own += bendPower * h * h;
            mixed += weight * meanPull * bend * h;
          }
          squares.residual += residual;
          squares.curvature += curvature;
          squares.column += residual + 2 * mixed + own;
          squares.otherColumns += curvature - own;
        }
      }
      residuals.add(count);
      bends.add(count);
    });
    const means = (sums: Float64Array): Float64Array => sums.map((sum) => sum / points);
    return { squares, residualMeans: means(residuals.sums), curvatureMeans: means(bends.sums) };
  };
}

/** Logits, or softmax probabilities with E_p[v_i] of every column, of the classes asked for. */
interface OutputFields {
  readonly stride: number;
  readonly features: Float64Array;
  update(count: number): void;
  /** The output of the class at a position in the list. */
  output(position: number): Float64Array;
  /** E_p[v_i] of each column; absent where outputs are logits. */
  readonly columnMeans?: readonly Float64Array[];
}

function outputFields(
  { loss, readout, classes, width }: GivenReadoutSpec,
  outputs: readonly number[],
  kernels: CubatureKernels,
  length: number,
): OutputFields {
  const row = (fields: Float64Array, k: number, stride: number): Float64Array =>
    fields.subarray(k * stride, (k + 1) * stride);
  if (loss === 'ce') {
    const columns = [...Array(width).keys()];
    const fields = kernels.readoutFields({ readout, classes, width, length, columns, pairs: [] });
    const { stride, features, probabilities, means } = fields;
    return {
      stride,
      features,
      update: fields.update,
      output: (position) => row(probabilities, outputs[position]!, stride),
      columnMeans: columns.map((i) => row(means, i, stride)),
    };
  }
  const features = new Float64Array(width * length);
  const logits = new Float64Array(outputs.length * length);
  return {
    stride: length,
    features,
    update: (count) => {
      logits.fill(0);
      outputs.forEach((j, position) => {
        for (let k = 0; k < width; k++) {
          const entry = readout[j * width + k]!;
          for (let n = 0; n < count; n++) logits[position * length + n]! += entry * features[k * length + n]!;
        }
      });
    },
    output: (position) => row(logits, position, length),
  };
}
