import type { ActivationName, Loss } from '../contracts.js';
import { UsageError } from '../errors.js';
import { activationFunctions } from '../network/activationFunctions.js';
import { gramFactor, scaledIdentity } from '../numerics/gramFactor.js';
import { forEachNormalPoint } from '../numerics/latticePoints.js';
import type { CrossLayerNorms } from './crossLayerNorms.js';

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
}

/** Squared norms of the parts of a cross-layer block, with their errors. */
export interface CrossLayerNormsGivenReadout extends Omit<CrossLayerNorms, 'reason'> {
  /** Relative standard errors of the cubature, from the spread between shifts. */
  readonly relativeError: {
    readonly residual: number;
    readonly curvature: number;
    readonly column: number;
    readonly otherColumns: number;
  };
}

type Part = 'residual' | 'curvature' | 'column' | 'otherColumns';
const normParts: readonly Part[] = ['residual', 'curvature', 'column', 'otherColumns'];

/**
 * Squared norms of the parts of the cross-layer blocks given both layers: expectation over standard normal inputs and
 * uniform labels, averaged over all hidden units i and the classes j asked for (paper-notes.md, cross-layer blocks).
 * Exact in C, m, d and N apart from the cubature over the m pre-activations. With u = L z, L Lᵀ = W Wᵀ, a part (1/N) Σ
 * x_n s_n has
 *
 *   E‖·‖² = (1/N) E[(d − m + |z|²) s²] + (1 − 1/N) ‖E z s‖².
 *
 * The squared mean is taken as the product of different shifts' estimates, so that cubature noise does not bias it.
 * Cost O(points·shifts·(C m + J m³)) for J classes asked for. Throws a UsageError on sizes that disagree or width >
 * dimension.
 */
export function crossLayerNormsGivenReadout(spec: GivenReadoutSpec): CrossLayerNormsGivenReadout {
  const { classes, shifts = 8, outputs = [...Array(Math.min(classes, 16)).keys()] } = spec;
  requireSizes({ ...spec, shifts, outputs });
  const factor = preactivationFactor(spec.preactivationGram, spec.width);
  const sums = Array.from({ length: shifts }, (_, shift) => sumsOfShift(spec, outputs, factor, shift));
  const parts = (first: number, second: number): Record<Part, number> => normsOf(spec, sums[first]!, sums[second]!);

  // Disjoint pairs of shifts give independent estimates, hence the error; all pairs give the value.
  const independent = Array.from({ length: Math.floor(shifts / 2) }, (_, k) => parts(2 * k, 2 * k + 1));
  const value = { residual: 0, curvature: 0, column: 0, otherColumns: 0 };
  let pairCount = 0;
  for (let first = 0; first < shifts; first++) {
    for (let second = first + 1; second < shifts; second++) {
      const estimate = parts(first, second);
      for (const part of normParts) value[part] += estimate[part];
      pairCount++;
    }
  }
  const relativeError = { residual: Number.NaN, curvature: Number.NaN, column: Number.NaN, otherColumns: Number.NaN };
  for (const part of normParts) {
    value[part] /= pairCount;
    const spread = independent.reduce((sum, estimate) => sum + (estimate[part] - value[part]) ** 2, 0);
    relativeError[part] = Math.sqrt(spread / (independent.length * Math.max(1, independent.length - 1))) / value[part];
  }
  return { ...value, ratio: value.residual / value.curvature, relativeError };
}

function requireSizes(spec: GivenReadoutSpec & { readonly shifts: number; readonly outputs: readonly number[] }): void {
  const { classes, width, dimension, samples, readout, shifts, outputs } = spec;
  const caller = 'crossLayerNormsGivenReadout';
  for (const [name, value] of Object.entries({ classes, width, dimension, samples })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new UsageError(
        `${caller}: ${name} must be a whole number of at least 1, got ${value}; give a whole number`,
      );
    }
  }
  if (width > dimension) {
    throw new UsageError(
      `${caller}: width must be at most dimension ${dimension}, got ${width}; use a larger dimension`,
    );
  }
  if (readout.length !== classes * width) {
    throw new UsageError(
      `${caller}: readout must have ${classes}×${width} entries, got ${readout.length}; pass V row-major`,
    );
  }
  if (!Number.isInteger(shifts) || shifts < 2) {
    throw new UsageError(
      `${caller}: shifts must be a whole number of at least 2, got ${shifts}; the error is their spread`,
    );
  }
  for (const j of outputs) {
    if (!Number.isInteger(j) || j < 0 || j >= classes) {
      throw new UsageError(
        `${caller}: outputs must be class numbers from 0 to ${classes - 1}, got ${j}; count from zero`,
      );
    }
  }
}

/** One shift's estimates, row by row: of E[(d − m + |z|²) s²] / N and of the m entries of E[z s]. */
interface ShiftSums {
  readonly squares: Float64Array;
  readonly means: Float64Array;
}

/** Rows of one (output, unit): s of the residual, then s of each column's curvature, then s of the whole own column. */
const rowsOfUnit = (width: number): number => width + 2;

function sumsOfShift(
  { loss, activation: name, classes, width, dimension, samples, readout, points = 2048 }: GivenReadoutSpec,
  outputs: readonly number[],
  factor: Float64Array,
  shift: number,
): ShiftSums {
  const activation = activationFunctions(name);
  const rowCount = outputs.length * width * rowsOfUnit(width);
  const squares = new Float64Array(rowCount);
  const means = new Float64Array(rowCount * width);
  const h = new Float64Array(width);
  const slope = new Float64Array(width);
  const logits = new Float64Array(classes);
  const columnMeans = new Float64Array(width);
  forEachNormalPoint({ dimension: width, points, shift }, (z) => {
    let length = 0;
    for (let k = 0; k < width; k++) {
      length += z[k]! * z[k]!;
      let sum = 0;
      for (let l = 0; l <= k; l++) sum += factor[k * width + l]! * z[l]!;
      h[k] = activation.value(sum);
      slope[k] = activation.first(sum);
    }
    const weight = (dimension - width + length) / samples / points;
    evaluateOutputs(loss, readout, classes, width, h, logits, columnMeans);
    outputs.forEach((j, position) => {
      const output = logits[j]!;
      const meanPull = output - 1 / classes;
      // E r² over the label, which is j with probability 1/C.
      const squarePull = output * output - (2 * output) / classes + 1 / classes;
      for (let i = 0; i < width; i++) {
        const g = slope[i]!;
        if (g === 0) continue;
        const entry = readout[j * width + i]!;
        const bend = loss === 'ce' ? output * (entry - columnMeans[i]!) : entry;
        const base = (position * width + i) * rowsOfUnit(width);
        accumulate(squares, means, base, weight, g * meanPull, g * g * squarePull, z, points);
        for (let k = 0; k < width; k++) {
          const s = g * bend * h[k]!;
          accumulate(squares, means, base + 1 + k, weight, s, s * s, z, points);
        }
        const own = bend * h[i]!;
        const ownSquare = squarePull + 2 * meanPull * own + own * own;
        accumulate(squares, means, base + 1 + width, weight, g * (meanPull + own), g * g * ownSquare, z, points);
      }
    });
  });
  return { squares, means };
}

/** The norms from two shifts, the squared means as products of the one's and the other's. */
function normsOf({ width, samples }: GivenReadoutSpec, first: ShiftSums, second: ShiftSums): Record<Part, number> {
  const norm = (row: number): number => {
    let inner = 0;
    for (let l = 0; l < width; l++) inner += first.means[row * width + l]! * second.means[row * width + l]!;
    return (first.squares[row]! + second.squares[row]!) / 2 + (1 - 1 / samples) * inner;
  };
  const total = { residual: 0, curvature: 0, column: 0, otherColumns: 0 };
  const units = first.squares.length / rowsOfUnit(width);
  for (let row = 0; row < units; row++) {
    const base = row * rowsOfUnit(width);
    const unit = row % width;
    total.residual += norm(base);
    total.column += norm(base + 1 + width);
    for (let k = 0; k < width; k++) {
      const value = norm(base + 1 + k);
      total.curvature += value;
      if (k !== unit) total.otherColumns += value;
    }
  }
  for (const part of normParts) total[part] /= units;
  return total;
}

/** Adds one point's share of E[(d − m + |z|²) s²] / N and of E[z s] to the row of one scalar s. */
function accumulate(
  squares: Float64Array,
  means: Float64Array,
  row: number,
  weight: number,
  first: number,
  second: number,
  z: Float64Array,
  points: number,
): void {
  squares[row]! += weight * second;
  const start = row * z.length;
  for (let l = 0; l < z.length; l++) means[start + l]! += (first * z[l]!) / points;
}

/** Logits, or softmax probabilities with E_p[v_i] of every column, at one point h. */
function evaluateOutputs(
  loss: Loss,
  readout: Float64Array,
  classes: number,
  width: number,
  h: Float64Array,
  outputs: Float64Array,
  columnMeans: Float64Array,
): void {
  let largest = -Infinity;
  for (let c = 0; c < classes; c++) {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += readout[c * width + k]! * h[k]!;
    outputs[c] = sum;
    largest = Math.max(largest, sum);
  }
  if (loss === 'mse') return;
  let total = 0;
  for (let c = 0; c < classes; c++) {
    outputs[c] = Math.exp(outputs[c]! - largest);
    total += outputs[c]!;
  }
  columnMeans.fill(0);
  for (let c = 0; c < classes; c++) {
    outputs[c]! /= total;
    for (let k = 0; k < width; k++) columnMeans[k]! += outputs[c]! * readout[c * width + k]!;
  }
}

/** Lower triangular L with L Lᵀ the Gram matrix, m×m, or that of a multiple of the identity. */
function preactivationFactor(gram: Float64Array | number, width: number): Float64Array {
  if (typeof gram !== 'number') return gramFactor('crossLayerNormsGivenReadout', gram, width, []).factor;
  if (!(gram > 0 && Number.isFinite(gram))) {
    throw new UsageError(
      `crossLayerNormsGivenReadout: preactivationGram must be a matrix or a finite number above 0, got ${gram}; give the variance factor`,
    );
  }
  return scaledIdentity(width, Math.sqrt(gram));
}
