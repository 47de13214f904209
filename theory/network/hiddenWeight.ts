import { UsageError } from '../errors.js';
import { activationFunctions } from './activationFunctions.js';
import type { BlockGivenReadout } from './blockGivenReadout.js';
import { labelReadoutLaw } from './labelReadoutLaw.js';
import { columnProduct } from './columnProduct.js';
import { readoutStatistics } from './readoutStatistics.js';
import { gramFactor, multiplyLower } from '../numerics/gramFactor.js';
import type { LabelledWeight } from './labelledWeight.js';

export interface HiddenWeightOptions extends BlockGivenReadout {
  /**
   * Whether a diagonal block of a smooth activation contains its term with the residual and σ″, as the true Hessian
   * does. Labels are taken uniform and independent of x, one-hot for squared error. Default true; off the diagonal and
   * for ReLU there is no such term.
   */
  readonly residualTerm?: boolean;
}

/**
 * The weight of a hidden block given V, as a function of m standard normal coordinates g with u = L g, L Lᵀ the
 * covariance of the pre-activations, and of the label: a = Cov_p(v_{·i}, v_{·j}) σ′(u_i) σ′(u_j) under cross-entropy
 * with p = softmax(V σ(u)), (v_{·i} · v_{·j}) σ′σ′ under the squared error, and for i = j with a smooth activation +
 * (Σ_c r_c v_ci) σ″(u_i), where Σ_c r_c v_ci = E_p[v_i] − v_{y,i} or Σ_k h_k (VᵀV)_ki − v_{y,i} for a uniform label y
 * (paper-notes.md, blocks).
 *
 * @throws UsageError for indices or lengths that do not fit, for a Gram matrix that is no covariance matrix
 */
export function hiddenWeightFunction(options: HiddenWeightOptions): LabelledWeight {
  const { loss, readout, classes, width, i, j, preactivationGram, varianceFactor = 1, residualTerm = true } = options;
  if (readout.length !== classes * width) {
    throw new UsageError(
      `hidden outliers: readout must hold C × m = ${classes * width} numbers, got ${readout.length}`,
    );
  }
  for (const index of [i, j]) {
    if (!Number.isInteger(index) || index < 0 || index >= width) {
      throw new UsageError(`hidden outliers: a unit's index must be an integer from 0 to ${width - 1}, got ${index}`);
    }
  }
  if (!(varianceFactor > 0 && Number.isFinite(varianceFactor))) {
    throw new UsageError(`hidden outliers: varianceFactor must be positive and finite, got ${varianceFactor}`);
  }
  const { value, first, second, gated } = activationFunctions(options.activation);
  const withResidual = i === j && !gated && residualTerm;
  const labels = withResidual ? labelReadoutLaw(readout, classes, width, i) : noLabels;
  const factor =
    preactivationGram === undefined
      ? undefined
      : gramFactor('hiddenWeightFunction', preactivationGram, width, []).factor;
  const deviation = Math.sqrt(varianceFactor);
  const preactivations = new Float64Array(width);
  const hidden = new Float64Array(width);
  const statistics = readoutStatistics(readout, classes, width);
  const products = Float64Array.from({ length: width }, (_, k) => columnProduct(readout, classes, width, i, k));

  return {
    labelMasses: labels.masses,
    weightsOf: (coordinates, weights) => {
      if (factor === undefined)
        for (let unit = 0; unit < width; unit++) preactivations[unit] = deviation * coordinates[unit]!;
      else multiplyLower(factor, coordinates, width, preactivations);
      const gates = first(preactivations[i]!) * first(preactivations[j]!);
      if (gates === 0 && !withResidual) {
        weights[0] = 0;
        return;
      }
      if (loss === 'ce' || withResidual)
        for (let unit = 0; unit < width; unit++) hidden[unit] = value(preactivations[unit]!);
      if (loss === 'ce') statistics.update(hidden);
      const curved = gates * (loss === 'ce' ? statistics.covariance(i, j) : products[j]!);
      if (!withResidual) {
        weights[0] = curved;
        return;
      }
      const fitted =
        loss === 'ce' ? statistics.mean(i) : products.reduce((sum, product, k) => sum + product * hidden[k]!, 0);
      const bend = second(preactivations[i]!);
      for (let label = 0; label < weights.length; label++)
        weights[label] = curved + (fitted - labels.nodes[label]!) * bend;
    },
  };
}

const noLabels = { nodes: Float64Array.of(0), masses: Float64Array.of(1) };
