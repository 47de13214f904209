import { activationFunctions } from '../network/activationFunctions.js';
import { columnProduct } from '../network/columnProduct.js';
import type { HiddenWeightOptions } from '../network/hiddenWeight.js';
import { exactMeasure, pooledMeasure, type EstimatedMeasure } from './estimatedMeasure.js';
import { scaledIdentity } from '../numerics/gramFactor.js';
import { preactivationPoints } from '../network/preactivationPoints.js';
import { batchLength, plainKernels } from '../network/plainKernels.js';
import {
  requireIndex,
  requirePositive,
  requirePositiveInteger,
  requirePowerOfTwo,
  requireReadout,
} from '../requirements.js';

/** The pair of hidden units with V, the loss and the activation, and the points of the lattice. */
export interface HiddenWeightsOptions extends HiddenWeightOptions {
  /** Points in all, a power of two of at least 256; default 8192. */
  readonly points?: number;
}

const caller = 'hiddenWeightsGivenReadout';
const defaultPoints = 8192;
const shiftCount = 8;

/**
 * Law of the weight a of the hidden block (w_i, w_j) given the readout V, over x (and the label where it enters):
 * cross-entropy a = Cov_p(v_i, v_j) σ′(u_i) σ′(u_j), squared error a = (v_i·v_j) σ′(u_i) σ′(u_j), u = Wx ~ N(0, Gram),
 * p = softmax(Vσ(u)), v_i the i-th column of V; on the diagonal plus σ″(u_i) Σ_c r_c v_ci, r = p − y or f − y
 * (paper-notes.md, blocks and hidden weights).
 *
 * ReLU with squared error is exact (two atoms). Otherwise a shifted lattice rule; for ReLU it covers the open gates
 * only, so that the atom at zero has its exact mass. Errors from eight fixed shifts. Cost points·C·m: about 0.3 s for C
 * = 1000, m = 8.
 * @throws UsageError for sizes that do not match, indices out of range, a Gram that is no covariance.
 */
export function hiddenWeightsGivenReadout(options: HiddenWeightsOptions): EstimatedMeasure {
  requireSizes(options);
  const { loss, readout, classes, width, i, j, points = defaultPoints, varianceFactor = 1 } = options;
  const activation = activationFunctions(options.activation);
  const gram = options.preactivationGram ?? scaledIdentity(width, varianceFactor);
  const withResidual = i === j && !activation.gated && (options.residualTerm ?? true);
  const source = preactivationPoints({
    caller,
    gram,
    width,
    i,
    j,
    bothPositive: activation.gated,
    extraUniforms: withResidual ? 1 : 0,
  });
  if (activation.gated && loss === 'mse') {
    return exactMeasure(
      [0, columnProduct(readout, classes, width, i, j)],
      [1 - source.liveFraction, source.liveFraction],
    );
  }
  const perShift = points / shiftCount;
  const length = batchLength(loss === 'ce' ? classes : 1, perShift);
  // The units whose slopes are wanted, and the columns of V: one if i = j.
  const units = i === j ? [i] : [i, j];
  const last = units.length - 1;
  const fields = (options.kernels ?? plainKernels).cubature({
    ...{ width, length },
    layer: { factor: source.factor, activation, slopes: units },
    ...(loss === 'ce' ? { readout: { entries: readout, classes, columns: units, pairs: [[0, last]] } } : {}),
  });
  const { points: to, preactivations, features, slopes, means, covariances, stride } = fields;
  const products =
    loss === 'mse' ? Array.from({ length: width }, (_, k) => columnProduct(readout, classes, width, i, k)) : [];
  /** E_p[v_i], or Σ_k h_k (VᵀV)_ki, at the n-th point. */
  const fitted = (n: number): number => {
    if (loss === 'ce') return means[n];
    let sum = 0;
    for (let k = 0; k < width; k += 1) sum += products[k] * features[k * stride + n];
    return sum;
  };
  // In ascending order the weight is a monotone function of the label's coordinate, which a lattice integrates far
  // better than a shuffled one.
  const labelEntries = Float64Array.from({ length: classes }, (_, c) => readout[c * width + i]).sort();
  const shifts = Array.from({ length: shiftCount }, (_, shift) => {
    const values = new Float64Array(perShift);
    source.forEachBatch(perShift, shift, { points: to, length, stride }, ({ first, count, uniforms }) => {
      fields.update(count);
      for (let n = 0; n < count; n += 1) {
        let weight = slopes[n] * slopes[last * stride + n] * (loss === 'ce' ? covariances[n] : products[j]);
        if (withResidual) {
          const label = Math.min(classes - 1, Math.floor(uniforms[n] * classes));
          weight += (fitted(n) - labelEntries[label]) * activation.second(preactivations[i * stride + n]);
        }
        values[first + n] = weight;
      }
    });
    return values;
  });
  return pooledMeasure(shifts, source.liveFraction);
}

function requireSizes({
  readout,
  classes,
  width,
  i,
  j,
  points = defaultPoints,
  varianceFactor = 1,
}: HiddenWeightsOptions): void {
  requirePositiveInteger(caller, 'classes', classes);
  requirePositiveInteger(caller, 'width', width);
  requireIndex(caller, 'i', i, width);
  requireIndex(caller, 'j', j, width);
  requirePowerOfTwo(caller, points);
  requirePositive(caller, 'varianceFactor', varianceFactor);
  requireReadout(caller, readout, classes, width);
}
