import { UsageError } from '../errors.js';
import { gramFactor, multiplyLower } from '../numerics/gramFactor.js';
import { forEachNormalPoint } from '../numerics/latticePoints.js';
import { requireIndex, requirePositive, requirePowerOfTwo } from '../requirements.js';
import { pooledMeasure, standardError, type EstimatedMeasure } from '../weights/estimatedMeasure.js';
import { requireFewClasses } from './requireFewClasses.js';

/** Logits before and after a step, and the block whose weights are meant. */
export interface OneStepWeightsOptions {
  /** 2C×2C covariance of a fresh input's logits (V_0 x, V_1 x), row-major: `oneStepGram`, or that of V_0 and V_1 as drawn. */
  readonly gram: ArrayLike<number>;
  /** C, from 2 to 64. */
  readonly classes: number;
  /** The block's classes; i = j is the diagonal block. */
  readonly i: number;
  readonly j: number;
  /** η of the step. */
  readonly learningRate: number;
  /** γ = d/N. */
  readonly aspectRatio: number;
  /** Points in all, a power of two of at least 256; default 8192. Each is taken with every label. */
  readonly points?: number;
}

/** What is seen of one set of data after the step. */
export interface StepOutcome {
  /** Of a = p_i(1 − p_i) or −p_i p_j. */
  readonly weights: EstimatedMeasure;
  /** Mean cross-entropy with random labels, and its standard error. */
  readonly loss: number;
  readonly lossError: number;
}

const shiftCount = 8;
const caller = 'oneStepWeights';

/**
 * The law of the weights of the linear model under cross-entropy after one full-batch gradient step with random labels,
 * on its training data and on fresh data, as d, N → ∞ at fixed C.
 *
 * Fresh logits f(1) = V_1 x are normal. Those of a training input are the logits that a network trained without it would
 * give, pulled by its own share of the step: f_n(1) = f(1) − (η/N)‖x_n‖² r_n(0) → f(1) − ηγ (p(0) − y), (f(0), f(1))
 * normal with the given covariance and the label independent of both. The law of the training Hessian is the generalised
 * Marčenko–Pastur law of these weights. Lattice rule in 2C dimensions, all labels at each point, errors from eight fixed
 * shifts: at C = 4 a few 1e-4 of E a. Cost 2C² a point.
 *
 * Further full-batch steps need the memory of all earlier ones (each r_n(t) holds the pulls before it): dynamical
 * mean-field theory, which is an open question here.
 *
 * @throws UsageError for a matrix that is no covariance, indices outside 0…C−1, numbers out of range
 */
export function oneStepWeights(options: OneStepWeightsOptions): { training: StepOutcome; fresh: StepOutcome } {
  const { classes, i, j, learningRate, aspectRatio, points = 8192 } = options;
  requireFewClasses(caller, classes);
  requireIndex(caller, 'i', i, classes);
  requireIndex(caller, 'j', j, classes);
  requirePositive(caller, 'learningRate', learningRate);
  requirePositive(caller, 'aspectRatio', aspectRatio);
  requirePowerOfTwo(caller, points);
  const pull = learningRate * aspectRatio;
  if (!(pull <= largestPull))
    throw new UsageError(
      `${caller}: learningRate · aspectRatio, the pull of a sample on its own logit, must be at most ${largestPull}, got ${pull}`,
    );
  const training = Array.from({ length: shiftCount }, () => new Shift((points / shiftCount) * classes));
  const fresh = Array.from({ length: shiftCount }, () => new Shift((points / shiftCount) * classes));
  const exponentials = new Float64Array(classes);
  for (let shift = 0; shift < shiftCount; shift++)
    forEachLogits(options, points / shiftCount, shift, (before, after) => {
      const kept = softmaxTerms(before, exponentials).slice();
      addAllLabels(fresh[shift], softmaxTerms(after, exponentials), 0, i, j);
      const total = kept.reduce((sum, value) => sum + value, 0);
      for (let c = 0; c < classes; c++) after[c] -= (pull * kept[c]) / total;
      addAllLabels(training[shift], softmaxTerms(after, exponentials), pull, i, j);
    });
  return { training: outcomeOf(training), fresh: outcomeOf(fresh) };
}

/** e^700 is still a number. */
const largestPull = 600;

/** The weights of one shift, and the sum of its losses. */
class Shift {
  readonly weights: Float64Array;
  count = 0;
  loss = 0;

  constructor(size: number) {
    this.weights = new Float64Array(size);
  }

  add(weight: number, loss: number): void {
    this.weights[this.count++] = weight;
    this.loss += loss;
  }
}

/** Logits before and after the step at each point; the arrays are reused. */
function forEachLogits(
  { gram, classes, i, j }: OneStepWeightsOptions,
  points: number,
  shift: number,
  visit: (before: Float64Array, after: Float64Array) => void,
): void {
  const size = 2 * classes;
  const { factor, order } = gramFactor(caller, gram, size, [classes + i, classes + j]);
  const values = new Float64Array(size);
  const logits = new Float64Array(size);
  forEachNormalPoint({ dimension: size, points, shift }, (point) => {
    multiplyLower(factor, point, size, values);
    for (let row = 0; row < size; row++) logits[order[row]] = values[row];
    visit(logits.subarray(0, classes), logits.subarray(classes));
  });
}

/** Exponentials of the logits less the largest, written to `out`. */
function softmaxTerms(logits: Float64Array, out: Float64Array): Float64Array {
  const top = logits.reduce((largest, value) => Math.max(largest, value), -Infinity);
  for (let c = 0; c < logits.length; c++) out[c] = Math.exp(logits[c] - top);
  return out;
}

/** One weight and loss for each label, whose own logit is higher by `pull`. */
function addAllLabels(shift: Shift, terms: Float64Array, pull: number, i: number, j: number): void {
  const gain = Math.exp(pull);
  for (let label = 0; label < terms.length; label++) {
    let others = 0;
    for (let c = 0; c < terms.length; c++) if (c !== i) others += c === label ? gain * terms[c] : terms[c];
    const own = i === label ? gain * terms[i] : terms[i];
    const other = i === j ? others : -(j === label ? gain * terms[j] : terms[j]);
    const total = own + others;
    shift.add((own / total) * (other / total), Math.log(total / (gain * terms[label])));
  }
}

function outcomeOf(shifts: readonly Shift[]): StepOutcome {
  const losses = shifts.map(({ loss, count }) => loss / count);
  return {
    weights: pooledMeasure(
      shifts.map(({ weights }) => weights),
      1,
    ),
    loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
    lossError: standardError(losses),
  };
}
