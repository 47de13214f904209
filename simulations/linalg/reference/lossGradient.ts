/** Loss and gradient by their formulas, one sample after the other: the oracle of the compiled kernels. */
import type { BatchLoss, LossGradient, LossGradientRequest } from '../../contracts.js';
import { checkNetwork, checkParameters, sampleNumbers } from '../lossGradientChecks.js';

export function lossGradient(request: LossGradientRequest): LossGradient {
  checkNetwork(request);
  const { dimension, samples, classes, units, activation } = request;
  const inputs = request.inputs.slice(0, samples * dimension);
  const labels = request.labels.slice();
  const width = units === 0 ? dimension : units;
  const gradient = {
    hiddenLayer: new Float64Array(units * dimension),
    readout: new Float64Array(classes * width),
  };
  const preactivations = new Float64Array(units);
  const slopes = new Float64Array(units);
  const features = new Float64Array(units);
  const residual = new Float64Array(classes);

  /** f = V h, or V x. */
  const outputs = (readout: Float64Array, h: Float64Array): void => {
    for (let c = 0; c < classes; c += 1) {
      let sum = 0;
      for (let k = 0; k < width; k += 1) sum += readout[c * width + k]! * h[k]!;
      residual[c] = sum;
    }
  };
  /** ∂V += r hᵀ. */
  const addReadout = (h: Float64Array): void => {
    for (let c = 0; c < classes; c += 1)
      for (let k = 0; k < width; k += 1) gradient.readout[c * width + k]! += residual[c]! * h[k]!;
  };
  /** ∂W += (Vᵀ r ∘ σ′) xᵀ. */
  const addHiddenLayer = (readout: Float64Array, x: Float64Array): void => {
    for (let i = 0; i < units; i += 1) {
      let pull = 0;
      for (let c = 0; c < classes; c += 1) pull += readout[c * width + i]! * residual[c]!;
      for (let a = 0; a < dimension; a += 1) gradient.hiddenLayer[i * dimension + a]! += pull * slopes[i]! * x[a]!;
    }
  };
  /** u = W x, h = σ(u). */
  const featuresOf = (hiddenLayer: Float64Array, x: Float64Array): Float64Array => {
    if (units === 0) return x;
    for (let i = 0; i < units; i += 1) {
      let sum = 0;
      for (let a = 0; a < dimension; a += 1) sum += hiddenLayer[i * dimension + a]! * x[a]!;
      preactivations[i] = sum;
    }
    activation.value(preactivations, features);
    activation.derivative(preactivations, slopes);
    return features;
  };

  return {
    gradient,
    evaluate(parameters, batch): BatchLoss {
      checkParameters(request, parameters);
      const { hiddenLayer, readout } = parameters;
      const numbers = sampleNumbers(batch, samples);
      gradient.hiddenLayer.fill(0);
      gradient.readout.fill(0);
      let loss = 0;
      let right = 0;
      for (const n of numbers) {
        const x = inputs.subarray(n * dimension, (n + 1) * dimension);
        const h = featuresOf(hiddenLayer, x);
        outputs(readout, h);
        const label = labels[n]!;
        if (residual.indexOf(largestOf(residual)) === label) right += 1;
        loss += request.loss === 'ce' ? crossEntropy(residual, label) : squaredError(residual, label);
        addReadout(h);
        addHiddenLayer(readout, x);
      }
      for (const part of Object.values(gradient)) for (let k = 0; k < part.length; k += 1) part[k]! /= numbers.length;
      return { loss: loss / numbers.length, accuracy: right / numbers.length };
    },
  };
}

/** −log p_y. Outputs become p − y, that of the label as minus the sum of the others: 1 − p_y keeps its digits. */
function crossEntropy(outputs: Float64Array, label: number): number {
  const largest = largestOf(outputs);
  const gap = largest - outputs[label]!;
  const own = Math.exp(-gap);
  let others = 0;
  for (let c = 0; c < outputs.length; c += 1) {
    outputs[c] = c === label ? 0 : Math.exp(outputs[c]! - largest);
    others += outputs[c]!;
  }
  const total = others + own;
  for (let c = 0; c < outputs.length; c += 1) outputs[c]! /= total;
  outputs[label] = -others / total;
  return gap === 0 ? Math.log1p(others) : Math.log(total) + gap;
}

/** ½‖f − y‖². Outputs become f − y. */
function squaredError(outputs: Float64Array, label: number): number {
  outputs[label]! -= 1;
  return outputs.reduce((sum, r) => sum + r * r, 0) / 2;
}

function largestOf(values: Float64Array): number {
  return values.reduce((largest, value) => Math.max(largest, value), -Infinity);
}
