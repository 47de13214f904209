import { pooledMeasure, type EstimatedMeasure } from './estimatedMeasure.js';
import type { CubatureKernels } from '../network/cubatureKernels.js';
import { batchLength, plainKernels } from '../network/plainKernels.js';
import { fixedNormals } from '../numerics/fixedSequence.js';
import { gramFactor } from '../numerics/gramFactor.js';
import { copyNormals, forEachLatticeBatch, largestLatticeDimension } from '../numerics/latticePoints.js';
import { requireIndex, requirePositiveInteger, requirePowerOfTwo } from '../requirements.js';

/** Logits of any covariance, and the block whose weights are meant. */
export interface SoftmaxWeightsGivenGramOptions {
  /** C×C covariance of the logits, row-major: V Vᵀ of the readout as drawn, for standard normal inputs. */
  readonly gram: ArrayLike<number>;
  readonly classes: number;
  /** The block's classes; i = j is the diagonal block. */
  readonly i: number;
  readonly j: number;
  /** Points in all, a power of two of at least 256; default 8192. */
  readonly points?: number;
  /** Who computes the probabilities; plain loops by default. */
  readonly kernels?: CubatureKernels;
}

const shiftCount = 8;

/**
 * Law of p_i(1 − p_i) or −p_i p_j for softmax probabilities of logits N(0, G), given the Gram matrix G of the readout
 * as drawn (the law given the initialisation, paper-notes.md, levels of a prediction): shifted lattice rule with the
 * logits i and j first, error from eight fixed shifts. Cost points·C² in plain loops: 5 ms for C = 10,
 * 0.2 s for C = 128; half and a tenth of it with compiled kernels.
 * Coordinates beyond the lattice's 256 are filled from a fixed sequence.
 * @throws UsageError for a matrix that is no covariance, indices outside 0..C−1, or points not a power of two ≥ 256.
 */
export function softmaxWeightsGivenGram(options: SoftmaxWeightsGivenGramOptions): EstimatedMeasure {
  const { gram, classes, i, j, points = 8192, kernels = plainKernels } = options;
  const caller = 'softmaxWeightsGivenGram';
  requirePositiveInteger(caller, 'classes', classes);
  requireIndex(caller, 'i', i, classes);
  requireIndex(caller, 'j', j, classes);
  requirePowerOfTwo(caller, points);
  const { factor } = gramFactor(caller, gram, classes, [i, j]);
  const diagonal = i === j;
  const pointsPerShift = points / shiftCount;
  const dimension = Math.min(classes, largestLatticeDimension);
  const length = batchLength(classes, pointsPerShift);
  // With the factor for a readout the first of the classes is i, the second j.
  const {
    points: normals,
    probabilities,
    stride,
    update,
  } = kernels.cubature({
    ...{ width: classes, length },
    readout: { entries: factor, classes, columns: [], pairs: [] },
  });
  const shifts = Array.from({ length: shiftCount }, (_, shift) => {
    const values = new Float64Array(pointsPerShift);
    const rest = fixedNormals(1000 + shift);
    forEachLatticeBatch({ dimension, points: pointsPerShift, shift, length }, (batch) => {
      const { first, count } = batch;
      copyNormals(batch, dimension, normals, stride);
      for (let n = 0; n < count; n += 1) for (let k = dimension; k < classes; k += 1) normals[k * stride + n] = rest();
      update(count);
      for (let n = 0; n < count; n += 1) {
        // 1 − p_i keeps its digits as the sum of the others.
        let other = diagonal ? 0 : -probabilities[stride + n];
        if (diagonal) for (let c = 1; c < classes; c += 1) other += probabilities[c * stride + n];
        values[first + n] = probabilities[n] * other;
      }
    });
    return values;
  });
  return pooledMeasure(shifts, 1);
}
