// Spectra of a head's blocks beside those of its Gaussian equivalents: level on normal features, power on others.
import { describe, expect, test } from '@jest/globals';
import { equivalentTest, rowsInMemory, type EquivalentTest } from '../../../../simulations/head/index.js';
import { createBackend } from '../../../../simulations/linalg/index.js';
import { randomStream } from '../../../../simulations/random/index.js';
import { networkFeatures, normalised, normals } from '../../../helpers/networkFeatures.js';

const backend = await createBackend('wasm');

interface Setting {
  readonly features: Float64Array;
  readonly samples: number;
  readonly classes: number;
  readonly draws: number;
  readonly seed: string;
}

function tested({ features, samples, classes, draws, seed }: Setting): EquivalentTest {
  const dimension = features.length / samples;
  const readout = normals(randomStream(seed, 'V', 0), classes * dimension, 1 / Math.sqrt(dimension));
  return equivalentTest({
    ...{ features, samples, draws, seed, backend, level: 0.01, tokens: [0, 1, 2, 3] },
    readout: { rows: rowsInMemory(readout, classes, dimension) },
  });
}

describe('features that are normal', () => {
  const [samples, dimension] = [40, 8];
  const pValues = (isNormalised: boolean): number[] =>
    Array.from({ length: 60 }, (_, run) => {
      const seed = `normal ${run}`;
      const stream = randomStream(seed, 'h', 0);
      const features = normals(stream, samples * dimension).map((z, at) => (z + 0.4) / Math.sqrt(1 + (at % dimension)));
      if (isNormalised)
        for (let n = 0; n < samples; n++) {
          const row = features.subarray(n * dimension, (n + 1) * dimension);
          row.set(normalised(row));
        }
      const found = tested({ features, samples, classes: 30, draws: 39, seed });
      expect(found.isNormalised).toBe(isNormalised);
      return found.jointPValue;
    });

  for (const isNormalised of [false, true])
    test(`${isNormalised ? 'normalised' : 'as they are'}: 60 sets, p ≤ 0.1 in 6 on average (P(14 or more) = 0.002)`, () => {
      const values = pValues(isNormalised);
      expect(values.filter((value) => value <= 0.1).length).toBeLessThan(14);
      // Not too seldom either: p ≤ 0.5 in 30 (P(17 or fewer) = 0.0005).
      expect(values.filter((value) => value <= 0.5).length).toBeGreaterThan(17);
    });
});

describe('features of a network', () => {
  const [samples, dimension] = [300, 24];
  const feature = networkFeatures('equivalents 1', dimension);
  const stream = randomStream('equivalents 1', 'inputs', 0);
  const features = new Float64Array(samples * dimension);
  for (let n = 0; n < samples; n++) features.set(feature(stream), n * dimension);

  test('the joint equivalent is not rejected (1 % by chance if it were exact), the independent one is', () => {
    const found = tested({ features, samples, classes: 200, draws: 199, seed: 'equivalents 1' });
    expect(found.isNormalised).toBe(true);
    expect(found.jointPValue).toBeGreaterThan(0.01);
    // Further out than every draw.
    expect(found.independentPValue).toBe(1 / 200);
    // That nothing is rejected says something: each of these would have been.
    expect(found.powers.map(({ against, power }) => [against, power.probability])).toEqual([
      ['independent', 1],
      ['largest', 1],
      ['every', 1],
    ]);
    // Medians of the draws: the joint ones are near, of each of the four tokens.
    for (const { given, joint } of found.blocks)
      expect(Math.abs(Math.log(given.largest / joint.largest))).toBeLessThan(0.2);
  });

  test('features in four clusters are rejected, though mean and covariance are the same', () => {
    const other = randomStream('equivalents 1', 'clusters', 0);
    const centres = normals(other, 4 * dimension);
    const clustered = normals(other, samples * dimension, 0.3);
    for (let n = 0; n < samples; n++) {
      const centre = other.integer(4) * dimension;
      for (let k = 0; k < dimension; k++) clustered[n * dimension + k]! += centres[centre + k]!;
    }
    const found = tested({ features: clustered, samples, classes: 200, draws: 199, seed: 'equivalents 1' });
    expect(found.jointPValue).toBe(1 / 200);
    expect(found.powers).toEqual([]);
  });

  test('the same seed gives the same numbers', () => {
    const few = features.subarray(0, 60 * dimension);
    const once = () => tested({ features: few, samples: 60, classes: 50, draws: 19, seed: 'again' });
    expect(once()).toEqual(once());
  });
});
