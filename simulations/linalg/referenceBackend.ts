/** Plain TypeScript, slow and obvious: the oracle of the other backends' tests, and the last resort. */
import type { Backend, Workspace } from '../contracts.js';
import { checkFinite, checkLength, checkSize, checkWanted, checkWeights } from './checks.js';
import { createHeadWorkspace } from './reference/headWorkspace.js';
import { lossGradient } from './reference/lossGradient.js';
import { tridiagonalEigenvalues } from './reference/tridiagonalEigenvalues.js';
import { tridiagonalise } from './reference/tridiagonalise.js';
import { largestMagnitude, powerOfTwoScale } from './scaling.js';

export function referenceBackend(): Backend {
  return {
    name: 'reference',
    description: 'plain TypeScript',
    createWorkspace,
    createHeadWorkspace,
    lossGradient,
    symmetricEigenvalues,
  };
}

function symmetricEigenvalues(matrix: Float64Array, order: number): Float64Array {
  checkSize('order', order);
  checkLength('matrix', matrix, order * order, `${order} rows of ${order}`);
  checkFinite('matrix', matrix);
  const scale = powerOfTwoScale(largestMagnitude(matrix));
  return tridiagonalEigenvalues(tridiagonalise(matrix.slice(0, order * order).map(scale.down), order)).map(scale.up);
}

/** Long, because it is the oracle of the other backends: the operations as plain loops, each read beside its formula. */
function createWorkspace(dimension: number, samples: number): Workspace {
  checkSize('dimension', dimension);
  checkSize('samples', samples);
  const inputs = new Float64Array(samples * dimension);

  const weightedGram = (weights: Float64Array): Float64Array => {
    checkWeights(weights, samples);
    // Weights of order 1: a sum of tiny or huge terms must not lose or overflow what its result can hold.
    const scale = powerOfTwoScale(largestMagnitude(weights));
    const gram = new Float64Array(dimension * dimension);
    for (let i = 0; i < dimension; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        let sum = 0;
        for (let n = 0; n < samples; n += 1)
          sum += scale.down(weights[n]!) * inputs[n * dimension + i]! * inputs[n * dimension + j]!;
        gram[i * dimension + j] = scale.up(sum / samples);
        gram[j * dimension + i] = gram[i * dimension + j]!;
      }
    }
    return gram;
  };

  return {
    dimension,
    samples,
    inputs,
    drawInputs: (stream) => stream.fillNormals(inputs),
    project(directions, count, out) {
      checkLength('directions', directions, count * dimension, `${count} rows of ${dimension}`);
      checkLength('out', out, count * samples, `${count} rows of ${samples}`);
      for (let c = 0; c < count; c += 1) {
        for (let n = 0; n < samples; n += 1) {
          let sum = 0;
          for (let j = 0; j < dimension; j += 1) sum += directions[c * dimension + j]! * inputs[n * dimension + j]!;
          out[c * samples + n] = sum;
        }
      }
    },
    softmaxOfClasses(rows, classes, wanted) {
      checkWanted(wanted, classes);
      const row = new Float64Array(dimension);
      const largest = new Float64Array(samples).fill(-Infinity);
      const sums = new Float64Array(samples);
      const kept = new Map<number, Float64Array>();
      for (let c = 0; c < classes; c += 1) {
        rows(c, row);
        const logits = new Float64Array(samples);
        this.project(row, 1, logits);
        if (wanted.includes(c)) kept.set(c, logits);
        for (let n = 0; n < samples; n += 1) {
          const reference = Math.max(largest[n]!, logits[n]!);
          sums[n] = sums[n]! * Math.exp(largest[n]! - reference) + Math.exp(logits[n]! - reference);
          largest[n] = reference;
        }
      }
      const probabilities = new Float64Array(wanted.length * samples);
      wanted.forEach((c, k) => {
        for (let n = 0; n < samples; n += 1)
          probabilities[k * samples + n] = Math.exp(kept.get(c)![n]! - largest[n]!) / sums[n]!;
      });
      return probabilities;
    },
    weightedGram,
    eigenvalues: (weights) => symmetricEigenvalues(weightedGram(weights), dimension),
    squaredFrobeniusNorms: (lists) =>
      Float64Array.from(lists, (weights) => weightedGram(weights).reduce((sum, entry) => sum + entry * entry, 0)),
    trace(weights) {
      checkWeights(weights, samples);
      let sum = 0;
      for (let n = 0; n < samples; n += 1) {
        for (let j = 0; j < dimension; j += 1) sum += weights[n]! * inputs[n * dimension + j]! ** 2;
      }
      return sum / samples;
    },
  };
}
