/** Inputs in clusters, the ablation of the authors' code for Gaussian data, and their labels. */
import type { InputSampler } from '../models/draw.js';
import type { InputOf } from './inputDistribution.js';
import { setLength } from './setLength.js';

/** Clusters take turns: as many samples in each, to within one, and a batch of neighbours has all of them. */
const clusterOf = (sample: number, components: number): number => sample % components;

/**
 * x_n = c_k + noise · z_n with k the cluster of n, centres c uniform on the unit sphere, z standard normal. Over draws of
 * the centres mean 0 and covariance (1/d + noise²) I; with `standardise` divided by the root of that variance.
 */
export function clusterSampler(
  { components, noise, standardise }: InputOf<'clusters'>,
  dimension: number,
): InputSampler {
  const factor = standardise ? 1 / Math.sqrt(1 / dimension + noise * noise) : 1;
  return (workspace, stream, common = stream) => {
    const centres = new Float64Array(components * dimension);
    common.fillNormals(centres);
    for (let k = 0; k < components; k++) setLength(centres.subarray(k * dimension, (k + 1) * dimension), factor);
    workspace.drawInputs(stream);
    const { inputs, samples } = workspace;
    for (let n = 0; n < samples; n++) {
      const centre = clusterOf(n, components) * dimension;
      for (let i = 0; i < dimension; i++)
        inputs[n * dimension + i] = centres[centre + i]! + factor * noise * inputs[n * dimension + i]!;
    }
  };
}

/** The class of each sample: its cluster, of which each class has as many neighbours, to within one. */
export function clusterLabels(samples: number, components: number, classes: number): Int32Array {
  return Int32Array.from({ length: samples }, (_, n) => Math.floor((clusterOf(n, components) * classes) / components));
}
