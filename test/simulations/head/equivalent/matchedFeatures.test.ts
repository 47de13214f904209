import { describe, expect, test } from '@jest/globals';
import { matchedFeatures, normMetric } from '../../../../simulations/head/index.js';
import { createBackend } from '../../../../simulations/linalg/index.js';
import { randomStream } from '../../../../simulations/random/index.js';

const backend = await createBackend('wasm');
const [samples, dimension] = [40, 5];

function normals(label: string, length: number): Float64Array {
  const out = new Float64Array(length);
  randomStream('matched features', label, 0).fillNormals(out);
  return out;
}

/** Rows of unequal entries with a mean that is not 0. */
const given = normals('given', samples * dimension).map((z, at) => (1 + (at % dimension)) * (z + 0.3));

/** Each row divided by its root mean square, then times a gain. */
function normalised(rows: Float64Array, gain: (k: number) => number): Float64Array {
  const out = rows.slice();
  for (let n = 0; n < samples; n++) {
    const row = out.subarray(n * dimension, (n + 1) * dimension);
    const scale = Math.sqrt(dimension / row.reduce((sum, value) => sum + value * value, 0));
    row.forEach((value, k) => (row[k] = gain(k) * scale * value));
  }
  return out;
}

/** Mean, and mean products about it: D + D² numbers. */
function moments(rows: Float64Array): number[] {
  const mean = Array.from({ length: dimension }, () => 0);
  rows.forEach((value, at) => (mean[at % dimension]! += value / samples));
  const products = Array.from({ length: dimension ** 2 }, () => 0);
  for (let n = 0; n < samples; n++)
    for (let j = 0; j < dimension; j++)
      for (let k = 0; k < dimension; k++)
        products[j * dimension + k]! +=
          ((rows[n * dimension + j]! - mean[j]!) * (rows[n * dimension + k]! - mean[k]!)) / samples;
  return [...mean, ...products];
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, k) => Math.abs(value - b[k]!)));

describe('features that match given ones', () => {
  test('mean and covariance are those given, to rounding, and the draws differ', () => {
    const matched = matchedFeatures(given, samples, undefined, backend);
    expect(matched.rank).toBe(dimension);
    const [first, second] = ['a', 'b'].map((label) => matched.of(normals(label, samples * dimension)));
    expect(distance(moments(first!), moments(given))).toBeLessThan(1e-12);
    expect(distance(moments(second!), moments(given))).toBeLessThan(1e-12);
    expect(distance([...first!], [...second!])).toBeGreaterThan(1);
    expect(distance([...first!], [...given])).toBeGreaterThan(1);
  });

  test('of features that lie in a plane so do the draws', () => {
    const flat = given.map((value, at) => (at % dimension === 3 ? given[at - 1]! - 2 * given[at - 2]! : value));
    const matched = matchedFeatures(flat, samples, undefined, backend);
    expect(matched.rank).toBe(dimension - 1);
    const drawn = matched.of(normals('flat', samples * (dimension - 1)));
    expect(distance(moments(drawn), moments(flat))).toBeLessThan(1e-12);
    for (let at = 3; at < drawn.length; at += dimension)
      expect(drawn[at]).toBeCloseTo(drawn[at - 1]! - 2 * drawn[at - 2]!, 10);
  });

  test('normalised ones keep norm and moments together, to a thousandth', () => {
    const features = normalised(given, (k) => 1 + k / 4);
    const metric = normMetric(features, samples, backend)!;
    const drawn = matchedFeatures(features, samples, metric, backend).of(normals('norm', samples * dimension));
    for (let n = 0; n < samples; n++) {
      let sum = 0;
      for (let k = 0; k < dimension; k++) sum += metric[k]! * drawn[n * dimension + k]! ** 2;
      expect(sum).toBeCloseTo(1, 12);
    }
    // Rows are at most 2·√5 long, and were moved by a thousandth after they matched.
    expect(distance(moments(drawn), moments(features))).toBeLessThan(0.02);
    // Without turns, only divided by their norms, they are further away.
    const once = normalised(
      matchedFeatures(features, samples, undefined, backend)
        .of(normals('norm', samples * dimension))
        .map((value, at) => value / (1 + (at % dimension) / 4)),
      (k) => 1 + k / 4,
    );
    expect(distance(moments(once), moments(features))).toBeGreaterThan(0.05);
  });
});

describe('the norm that features have been through', () => {
  test('to mean square 1: equal weights; with a gain: 1/(D g²)', () => {
    for (const gain of [() => 1, (k: number) => 0.5 + k]) {
      const metric = normMetric(normalised(given, gain), samples, backend)!;
      metric.forEach((weight, k) => expect(weight * dimension * gain(k) ** 2).toBeCloseTo(1, 9));
    }
  });

  test('in the file precision of 24 bits, and with a feature that is always 0', () => {
    const single = normalised(
      given.map((value, at) => (at % dimension === 2 ? 0 : value)),
      (k) => 0.5 + k,
    ).map(Math.fround);
    const metric = normMetric(single, samples, backend)!;
    expect(metric[2]).toBe(0);
    expect(metric[4]! * dimension * 4.5 ** 2).toBeCloseTo(1, 4);
  });

  test('none where rows are of unequal length, or a gain has more unknowns than half the rows', () => {
    expect(normMetric(given, samples, backend)).toBeUndefined();
    const few = normalised(given, (k) => 0.5 + k).subarray(0, 9 * dimension);
    expect(normMetric(few, 9, backend)).toBeUndefined();
    expect(normMetric(normalised(given, () => 1).subarray(0, 9 * dimension), 9, backend)).toBeDefined();
  });
});
