import type { ActivationName, Loss } from '../contracts.js';
import { UsageError } from '../errors.js';
import { activationFunctions } from '../weights/activationFunctions.js';

export interface HiddenWeightOptions {
  readonly loss: Loss;
  readonly activation: ActivationName;
  /** V, C×m row-major. */
  readonly readout: ArrayLike<number>;
  /** C. */
  readonly classes: number;
  /** m. */
  readonly width: number;
  /** The two hidden units. */
  readonly i: number;
  readonly j: number;
  /** Covariance of the m pre-activations u = Wx, row-major; `varianceFactor` times the identity (the limit) when absent. */
  readonly preactivationGram?: ArrayLike<number>;
  /** Variance of the entries of W times d, used when no Gram matrix is given. Default 1 (LeCun). */
  readonly varianceFactor?: number;
}

/**
 * The weight of a hidden block given V, as a function of m standard normal coordinates g with u = L g, L Lᵀ the covariance of the
 * pre-activations: a = Cov_p(v_{·i}, v_{·j}) σ′(u_i) σ′(u_j) under cross-entropy with p = softmax(V σ(u)), (v_{·i} · v_{·j}) σ′σ′ under
 * the squared error. For i = j only ReLU has no further term.
 *
 * @throws UsageError for indices or lengths that do not fit, for a smooth activation with i = j, for a Gram matrix that is not
 *   positive definite
 */
export function hiddenWeightFunction(options: HiddenWeightOptions): (coordinates: Float64Array) => number {
  const { loss, activation, readout, classes, width, i, j, preactivationGram, varianceFactor = 1 } = options;
  if (readout.length !== classes * width) {
    throw new UsageError(`hidden outliers: readout must hold C × m = ${classes * width} numbers, got ${readout.length}`);
  }
  for (const index of [i, j]) {
    if (!Number.isInteger(index) || index < 0 || index >= width) {
      throw new UsageError(`hidden outliers: a unit's index must be an integer from 0 to ${width - 1}, got ${index}`);
    }
  }
  if (!(varianceFactor > 0 && Number.isFinite(varianceFactor))) {
    throw new UsageError(`hidden outliers: varianceFactor must be positive and finite, got ${varianceFactor}`);
  }
  const { value, first, gated } = activationFunctions(activation);
  if (i === j && !gated) {
    throw new UsageError(
      `hidden outliers: a diagonal block of a ${activation} network has a term that depends on the labels; use outliersFromSamples`,
    );
  }
  const factor = preactivationGram === undefined ? undefined : cholesky(preactivationGram, width);
  const deviation = Math.sqrt(varianceFactor);
  const preactivations = new Float64Array(width);
  const hidden = new Float64Array(width);
  let inner = 0;
  for (let c = 0; c < classes; c++) inner += readout[c * width + i]! * readout[c * width + j]!;
  const odds = new Float64Array(classes);

  const covariance = (): number => {
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) {
      let logit = 0;
      for (let unit = 0; unit < width; unit++) logit += readout[c * width + unit]! * hidden[unit]!;
      odds[c] = logit;
      if (logit > largest) largest = logit;
    }
    let [total, left, right, both] = [0, 0, 0, 0];
    for (let c = 0; c < classes; c++) {
      const mass = Math.exp(odds[c]! - largest);
      const [vi, vj] = [readout[c * width + i]!, readout[c * width + j]!];
      total += mass;
      left += mass * vi;
      right += mass * vj;
      both += mass * vi * vj;
    }
    return both / total - (left / total) * (right / total);
  };

  return (coordinates) => {
    if (factor === undefined) for (let unit = 0; unit < width; unit++) preactivations[unit] = deviation * coordinates[unit]!;
    else multiplyLower(factor, coordinates, width, preactivations);
    const gates = first(preactivations[i]!) * (i === j ? 1 : first(preactivations[j]!));
    if (gates === 0) return 0;
    if (loss === 'mse') return inner * gates;
    for (let unit = 0; unit < width; unit++) hidden[unit] = value(preactivations[unit]!);
    return covariance() * gates;
  };
}

/** Lower triangular L with L Lᵀ = the matrix, row-major. */
export function cholesky(matrix: ArrayLike<number>, order: number): Float64Array {
  if (matrix.length !== order * order) {
    throw new UsageError(`outliers: a Gram matrix must hold ${order * order} numbers, got ${matrix.length}`);
  }
  const factor = new Float64Array(order * order);
  for (let row = 0; row < order; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * order + column]!;
      for (let k = 0; k < column; k++) sum -= factor[row * order + k]! * factor[column * order + k]!;
      if (column === row) {
        if (!(sum > 0)) {
          throw new UsageError(`outliers: the Gram matrix must be positive definite; its pivot ${row} is ${sum}`);
        }
        factor[row * order + row] = Math.sqrt(sum);
      } else factor[row * order + column] = sum / factor[column * order + column]!;
    }
  }
  return factor;
}

export function multiplyLower(factor: Float64Array, vector: Float64Array, order: number, out: Float64Array): void {
  for (let row = 0; row < order; row++) {
    let sum = 0;
    for (let k = 0; k <= row; k++) sum += factor[row * order + k]! * vector[k]!;
    out[row] = sum;
  }
}
