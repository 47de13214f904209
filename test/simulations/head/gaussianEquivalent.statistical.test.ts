// What stands in for the features of a network in the spectrum of a head's blocks: normal features of the same mean and
// covariance, with the weights that the network's features have, or with weights of their own through the same V.
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Backend, RandomStream } from '../../../simulations/contracts.js';
import { choleskyFactor } from '../../../simulations/inputs/index.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { networkFeatures, normalised, normals, product } from '../../helpers/networkFeatures.js';

const seed = 'head equivalents 1';
const [dimension, samples, classes, blocks] = [24, 480, 200, 8];
/** The rank of one among so many that are exchangeable with it is extreme on one side with probability 1/100. */
const surrogates = 99;

let backend: Backend;
beforeAll(async () => {
  backend = await createBackend('wasm');
});

/** p_i(1 − p_i) of the first classes, blocks × samples. */
function weightsOf(features: readonly Float64Array[], readout: Float64Array): Float64Array[] {
  const out = Array.from({ length: blocks }, () => new Float64Array(features.length));
  features.forEach((h, n) => {
    const exponentials = product(readout, classes, h).map(Math.exp);
    const total = exponentials.reduce((sum, value) => sum + value, 0);
    for (let i = 0; i < blocks; i++) out[i]![n] = (exponentials[i]! / total) * (1 - exponentials[i]! / total);
  });
  return out;
}

/** Mean over the blocks of the logarithm of the largest eigenvalue's share of the trace. */
function statistic(features: readonly Float64Array[], weights: readonly Float64Array[]): number {
  const tops = weights.map((a) => {
    const block = new Float64Array(dimension * dimension);
    features.forEach((h, n) => {
      for (let j = 0; j < dimension; j++)
        for (let k = 0; k <= j; k++) block[j * dimension + k]! += (a[n]! * h[j]! * h[k]!) / features.length;
    });
    const eigenvalues = backend.symmetricEigenvalues(block, dimension);
    return eigenvalues.at(-1)! / eigenvalues.reduce((sum, value) => sum + value, 0);
  });
  return tops.reduce((sum, top) => sum + Math.log(top), 0) / blocks;
}

describe(`normal features in the place of a network's (seed '${seed}')`, () => {
  const feature = networkFeatures(seed, dimension);
  const drawn = (label: string, count: number) => {
    const stream = randomStream(seed, label, 0);
    return Array.from({ length: count }, () => feature(stream));
  };
  const readout = normals(randomStream(seed, 'V', 0), classes * dimension, 1 / Math.sqrt(dimension));
  const pool = drawn('pool', 4000);
  const mean = Float64Array.from({ length: dimension }, (_, k) => pool.reduce((sum, h) => sum + h[k]!, 0) / 4000);
  const covariance = new Float64Array(dimension * dimension);
  for (const h of pool)
    for (let j = 0; j < dimension; j++)
      for (let k = 0; k < dimension; k++)
        covariance[j * dimension + k]! += ((h[j]! - mean[j]!) * (h[k]! - mean[k]!)) / 4000;
  const factor = choleskyFactor(covariance, dimension);
  const normalFeatures = (stream: RandomStream) =>
    Array.from({ length: samples }, () => {
      const z = product(factor, dimension, normals(stream, dimension));
      return normalised(z.map((value, k) => value + mean[k]!));
    });

  /** How many of the surrogates have a smaller statistic, and the distance in their deviations. */
  function place(observed: number, values: readonly number[]) {
    const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
    return { below: values.filter((value) => value < observed).length, score: (observed - centre) / spread };
  }

  test('with the same weights, independent of them, they are rejected; with their own through the same V they are not', () => {
    const own = drawn('samples', samples);
    const weights = weightsOf(own, readout);
    const observed = statistic(own, weights);
    const stream = randomStream(seed, 'surrogates', 0);
    const sets = Array.from({ length: surrogates }, () => normalFeatures(stream));
    const independent = place(
      observed,
      sets.map((features) => statistic(features, weights)),
    );
    const joint = place(
      observed,
      sets.map((features) => statistic(features, weightsOf(features, readout))),
    );
    // Above every one of them: 1/100 by chance.
    expect(independent.below).toBe(surrogates);
    expect(independent.score).toBeGreaterThan(2.3);
    // 2 % of chance to lie outside, if the joint equivalent were exact.
    expect(joint.below).toBeGreaterThan(0);
    expect(joint.below).toBeLessThan(surrogates);
  });
});
