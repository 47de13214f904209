/** Loss and gradient by their formulas, one sample after the other: the oracle of the compiled kernels. */
import type { LossGradient, LossGradientRequest } from '../../contracts.js';
import { checkBatch, checkNetwork, checkParameters } from '../lossGradientChecks.js';

export function lossGradient(request: LossGradientRequest): LossGradient {
  checkNetwork(request);
  const { dimension, samples, classes, units, activation } = request;
  const inputs = request.inputs.slice(0, samples * dimension);
  const labels = request.labels.slice();
  const hiddenLayer = new Float64Array(units * dimension);
  const readout = new Float64Array(classes * (units === 0 ? dimension : units));
  const perUnit = () => new Float64Array(units);
  const preactivations = perUnit();
  const features = perUnit();
  const slopes = perUnit();
  const pulls = perUnit();
  const outputs = new Float64Array(classes);
  const residualOf = request.loss === 'ce' ? crossEntropy : squaredError;
  return {
    gradient: { hiddenLayer, readout },
    evaluate(parameters, batch) {
      checkParameters(request, parameters);
      const count = checkBatch(batch, samples);
      hiddenLayer.fill(0);
      readout.fill(0);
      let loss = 0;
      let right = 0;
      for (let k = 0; k < count; k += 1) {
        const n = batch instanceof Int32Array ? batch[k]! : batch.start + k;
        const x = inputs.subarray(n * dimension, (n + 1) * dimension);
        const h = units === 0 ? x : features;
        // u = W x, h = σ(u), f = V h.
        multiply(parameters.hiddenLayer, x, preactivations);
        activation.value(preactivations, features);
        activation.derivative(preactivations, slopes);
        multiply(parameters.readout, h, outputs);
        if (outputs.indexOf(largestOf(outputs)) === labels[n]) right += 1;
        loss += residualOf(outputs, labels[n]!);
        // ∂V += r hᵀ, ∂W += (Vᵀ r ∘ σ′(u)) xᵀ.
        addOuterProduct(outputs, h, readout);
        if (units === 0) continue;
        multiplyTransposed(parameters.readout, outputs, pulls);
        for (let i = 0; i < units; i += 1) pulls[i]! *= slopes[i]!;
        addOuterProduct(pulls, x, hiddenLayer);
      }
      for (const layer of [hiddenLayer, readout]) for (let e = 0; e < layer.length; e += 1) layer[e]! /= count;
      return { loss: loss / count, accuracy: right / count };
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

/** out = A v. */
function multiply(matrix: Float64Array, vector: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i += 1) {
    let sum = 0;
    for (let k = 0; k < vector.length; k += 1) sum += matrix[i * vector.length + k]! * vector[k]!;
    out[i] = sum;
  }
}

/** out = Aᵀ v. */
function multiplyTransposed(matrix: Float64Array, vector: Float64Array, out: Float64Array): void {
  for (let k = 0; k < out.length; k += 1) {
    let sum = 0;
    for (let i = 0; i < vector.length; i += 1) sum += matrix[i * out.length + k]! * vector[i]!;
    out[k] = sum;
  }
}

/** A += left rightᵀ. */
function addOuterProduct(left: Float64Array, right: Float64Array, matrix: Float64Array): void {
  for (let i = 0; i < left.length; i += 1)
    for (let k = 0; k < right.length; k += 1) matrix[i * right.length + k]! += left[i]! * right[k]!;
}
