import type { ActivationName } from '../contracts.js';
import { UsageError } from '../errors.js';
import { activationFunctions } from '../network/activationFunctions.js';
import { activationKernel } from '../network/activationKernel.js';
import type { BlockGivenReadout } from '../network/blockGivenReadout.js';
import { standardError } from '../weights/estimatedMeasure.js';
import { scaledIdentity } from '../numerics/gramFactor.js';
import { preactivationPoints } from '../network/preactivationPoints.js';
import type { Cubature } from '../network/cubatureKernels.js';
import { batchLength, plainKernels } from '../network/plainKernels.js';
import { packedLength } from '../numerics/fields.js';
import {
  requireIndex,
  requirePositive,
  requirePositiveInteger,
  requirePowerOfTwo,
  requireReadout,
} from '../requirements.js';

/** The block of the readout with V and the activation, and the points of the lattice. */
export interface OutputBlockMeanOptions extends BlockGivenReadout {
  readonly activation: ActivationName;
  /** Points in all, a power of two of at least 256; default 8192. */
  readonly points?: number;
}

/** A matrix by a cubature, with its error. */
export interface EstimatedMatrix {
  /** m×m, row-major, symmetric. */
  readonly matrix: Float64Array;
  /** Root of the summed squared standard errors of the entries, relative to the Frobenius norm; 0 when exact. */
  readonly error: number;
}

const shiftCount = 8;

/**
 * The m×m output block (v_i, v_j) as N → ∞ with m fixed, given V: cross-entropy E[p_i(δ_ij − p_j) h hᵀ] by a shifted
 * lattice rule, squared error E[h hᵀ] on the diagonal (arc-cosine kernel for ReLU, Cho & Saul 2009; quadrature for the
 * others) and 0 off it (paper-notes.md, output blocks).
 * @throws UsageError for sizes that do not match, indices out of range, a Gram that is no covariance.
 */
export function outputBlockMean(options: OutputBlockMeanOptions): EstimatedMatrix {
  const caller = 'outputBlockMean';
  const { loss, readout, classes, width, i, j, points = 8192, varianceFactor = 1 } = options;
  requirePositiveInteger(caller, 'classes', classes);
  requirePositiveInteger(caller, 'width', width);
  requireIndex(caller, 'i', i, classes);
  requireIndex(caller, 'j', j, classes);
  requirePowerOfTwo(caller, points);
  requirePositive(caller, 'varianceFactor', varianceFactor);
  const gram = options.preactivationGram ?? scaledIdentity(width, varianceFactor);
  if (gram.length !== width * width) {
    throw new UsageError(`${caller}: preactivationGram must have ${width}×${width} entries, got ${gram.length}`);
  }
  if (loss === 'mse') {
    if (i !== j) return { matrix: new Float64Array(width * width), error: 0 };
    return { matrix: kernelMatrix(options.activation, gram, width), error: 0 };
  }
  requireReadout(caller, readout, classes, width);
  const activation = activationFunctions(options.activation);
  const source = preactivationPoints({ caller, gram, width, i: 0, j: 0, bothPositive: false, extraUniforms: 0 });
  const { kernels = plainKernels } = options;
  const perShift = points / shiftCount;
  const length = batchLength(classes, perShift);
  const fields = kernels.cubature({
    ...{ width, length },
    layer: { factor: source.factor, activation, slopes: [] },
    readout: { entries: readout, classes, columns: [], pairs: [] },
    products: [{ rows: 1, columns: 'features', others: 'own' }],
  });
  const { points: to, stride, probabilities } = fields;
  const { left, sums, add } = fields.products[0]!;
  const shifts = Array.from({ length: shiftCount }, (_, shift) => {
    sums.fill(0);
    source.forEachBatch(perShift, shift, { points: to, length, stride }, ({ count }) => {
      fields.update(count);
      for (let n = 0; n < count; n += 1) {
        const own = probabilities[i * stride + n];
        const other = probabilities[j * stride + n];
        left[n] = (i === j ? own * complement(fields, classes, i, n) : -own * other) / perShift;
      }
      add(count);
    });
    return sums.slice();
  });
  const matrix = new Float64Array(width * width);
  let squaredError = 0;
  let squaredNorm = 0;
  for (let a = 0; a < width; a += 1) {
    for (let b = 0; b <= a; b += 1) {
      const estimates = shifts.map((shift) => shift[packedLength(a) + b]);
      const mean = estimates.reduce((sum, value) => sum + value, 0) / shiftCount;
      matrix[a * width + b] = mean;
      matrix[b * width + a] = mean;
      const multiplicity = a === b ? 1 : 2;
      squaredError += multiplicity * standardError(estimates) ** 2;
      squaredNorm += multiplicity * mean * mean;
    }
  }
  return { matrix, error: squaredNorm > 0 ? Math.sqrt(squaredError / squaredNorm) : 0 };
}

/** 1 − p_c at the n-th point, as the sum of the others where p_c is near 1, so that it keeps its digits. */
function complement({ probabilities, stride }: Cubature, classes: number, c: number, n: number): number {
  const own = probabilities[c * stride + n];
  if (own < 0.5) return 1 - own;
  let sum = 0;
  for (let k = 0; k < classes; k += 1) if (k !== c) sum += probabilities[k * stride + n];
  return sum;
}

function kernelMatrix(activation: ActivationName, gram: ArrayLike<number>, width: number): Float64Array {
  const matrix = new Float64Array(width * width);
  for (let a = 0; a < width; a += 1) {
    for (let b = 0; b <= a; b += 1) {
      const value = activationKernel(activation, gram[a * width + a], gram[b * width + b], gram[a * width + b]);
      matrix[a * width + b] = value;
      matrix[b * width + a] = value;
    }
  }
  return matrix;
}
