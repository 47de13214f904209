import { pooledMeasure, type EstimatedMeasure } from './estimatedMeasure.js';
import { fixedNormals } from '../numerics/fixedSequence.js';
import { gramFactor } from '../numerics/gramFactor.js';
import { forEachNormalPoint, largestLatticeDimension } from '../numerics/latticePoints.js';
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
}

const shiftCount = 8;

/**
 * Law of p_i(1 − p_i) or −p_i p_j for softmax probabilities of logits N(0, G), given the Gram matrix G of the readout
 * as drawn (the law given the initialisation, paper-notes.md, levels of a prediction): shifted lattice rule with the
 * logits i and j first, error from eight fixed shifts. Cost points·C²/2: under 0.1 s for C = 10, about 1 s for C = 128.
 * Coordinates beyond the lattice's 256 are filled from a fixed sequence.
 * @throws UsageError for a matrix that is no covariance, indices outside 0..C−1, or points not a power of two ≥ 256.
 */
export function softmaxWeightsGivenGram(options: SoftmaxWeightsGivenGramOptions): EstimatedMeasure {
  const { gram, classes, i, j, points = 8192 } = options;
  const caller = 'softmaxWeightsGivenGram';
  requirePositiveInteger(caller, 'classes', classes);
  requireIndex(caller, 'i', i, classes);
  requireIndex(caller, 'j', j, classes);
  requirePowerOfTwo(caller, points);
  const { factor } = gramFactor(caller, gram, classes, [i, j]);
  const diagonal = i === j;
  const pointsPerShift = points / shiftCount;
  const logits = new Float64Array(classes);
  const latticeDimension = Math.min(classes, largestLatticeDimension);
  const shifts = Array.from({ length: shiftCount }, (_, shift) => {
    const values = new Float64Array(pointsPerShift);
    const rest = fixedNormals(1000 + shift);
    const normal = new Float64Array(classes);
    forEachNormalPoint({ dimension: latticeDimension, points: pointsPerShift, shift }, (point, index) => {
      normal.set(point);
      for (let k = latticeDimension; k < classes; k += 1) normal[k] = rest();
      let top = -Infinity;
      for (let row = 0; row < classes; row += 1) {
        let logit = 0;
        for (let k = 0; k <= row; k += 1) logit += factor[row * classes + k] * normal[k];
        logits[row] = logit;
        if (logit > top) top = logit;
      }
      // The factor's first row is class i, its second class j.
      let others = 0;
      for (let row = 1; row < classes; row += 1) others += Math.exp(logits[row] - top);
      const own = Math.exp(logits[0] - top);
      const total = own + others;
      values[index] = diagonal
        ? (own / total) * (others / total)
        : -(own / total) * (Math.exp(logits[1] - top) / total);
    });
    return values;
  });
  return pooledMeasure(shifts, 1);
}
