import type { RandomStream, Workspace } from '../../simulations/contracts.js';

/** A workspace in the plainest code, for tests of what is built on workspaces. */
export function plainWorkspace(dimension: number, samples: number): Workspace {
  const inputs = new Float64Array(samples * dimension);
  const workspace: Workspace = {
    dimension,
    samples,
    inputs,
    drawInputs: (stream: RandomStream) => stream.fillNormals(inputs),
    project(directions, count, out) {
      for (let k = 0; k < count; k++) {
        for (let n = 0; n < samples; n++) {
          let sum = 0;
          for (let a = 0; a < dimension; a++) sum += directions[k * dimension + a]! * inputs[n * dimension + a]!;
          out[k * samples + n] = sum;
        }
      }
    },
    softmaxOfClasses(rows, classes, wanted) {
      const all = new Float64Array(classes * dimension);
      rows(0, all);
      const logits = new Float64Array(classes * samples);
      workspace.project(all, classes, logits);
      const out = new Float64Array(wanted.length * samples);
      for (let n = 0; n < samples; n++) {
        let largest = -Infinity;
        for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[c * samples + n]!);
        let total = 0;
        for (let c = 0; c < classes; c++) total += Math.exp(logits[c * samples + n]! - largest);
        wanted.forEach((c, k) => (out[k * samples + n] = Math.exp(logits[c * samples + n]! - largest) / total));
      }
      return out;
    },
    weightedGram(weights) {
      const gram = new Float64Array(dimension * dimension);
      for (let n = 0; n < samples; n++) {
        for (let a = 0; a < dimension; a++) {
          const left = (weights[n]! / samples) * inputs[n * dimension + a]!;
          for (let b = 0; b < dimension; b++) gram[a * dimension + b]! += left * inputs[n * dimension + b]!;
        }
      }
      return gram;
    },
    eigenvalues: () => {
      throw new Error('not needed here');
    },
    squaredFrobeniusNorm: (weights) => workspace.weightedGram(weights).reduce((sum, value) => sum + value * value, 0),
    trace: (weights) => weights.reduce((sum, a, n) => sum + a * inputs.subarray(n * dimension, (n + 1) * dimension).reduce((s, x) => s + x * x, 0), 0) / samples,
  };
  return workspace;
}
