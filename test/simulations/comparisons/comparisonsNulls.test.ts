import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import type { Backend } from '../../../simulations/contracts.js';
import {
  complementInputs,
  hotellingTest,
  joinMoments,
  momentsOfRows,
  meanSpectrumTest,
  spectrumGaps,
  nullSpectra,
} from '../../../simulations/comparisons/index.js';
import { initialisationTest } from '../../helpers/initialisationTest.js';
import { referenceBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { uniformPartsDouble } from '../../doubles/closedFormLaws.js';

const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/scipy/comparisonsTests.json', import.meta.url), 'utf8'),
);

describe('nullSpectra', () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await referenceBackend();
  });
  const weights = Float64Array.of(1, -0.5, 2, 0, 0.25, 1);
  const stream = (replicate: number) => randomStream('nulls', 'unit', replicate);

  test('draws ascending spectra of the given weights, each from its own stream', () => {
    const workspace = backend.createWorkspace(3, 6);
    const spectra = nullSpectra({ workspace, weights, replicates: 4, stream });
    expect(spectra).toHaveLength(4);
    const alone = nullSpectra({ workspace, weights, replicates: 1, stream: () => stream(2) })[0]!;
    expect(spectra[2]).toEqual(alone);
    expect(spectra[0]).not.toEqual(spectra[1]);
    for (const spectrum of spectra) {
      expect(spectrum).toHaveLength(3);
      expect([...spectrum]).toEqual([...spectrum].sort((a, b) => a - b));
    }
  });

  test('one stream for all replicates serves as well', () => {
    const workspace = backend.createWorkspace(3, 6);
    const spectra = nullSpectra({ workspace, weights, replicates: 2, stream: stream(0) });
    expect(spectra[0]).toEqual(nullSpectra({ workspace, weights, replicates: 1, stream })[0]);
    expect(spectra[1]).not.toEqual(spectra[0]);
  });

  test('refuses weights of another size and no replicates', () => {
    const workspace = backend.createWorkspace(3, 6);
    expect(() => nullSpectra({ workspace, weights: weights.slice(1), replicates: 1, stream })).toThrow(
      /samples \(6\), got 5/,
    );
    expect(() => nullSpectra({ workspace, weights, replicates: 0, stream })).toThrow(UsageError);
  });
});

describe('complementInputs', () => {
  const samples = 5;
  const dimension = 4;
  const inputs = new Float64Array(samples * dimension);
  randomStream('complement', 'unit', 0).fillNormals(inputs);
  // Two orthonormal rows that are no coordinate vectors.
  const rows = Float64Array.of(0.5, 0.5, 0.5, 0.5, 0.5, -0.5, 0.5, -0.5);

  test('keeps every inner product of the parts orthogonal to the basis', () => {
    const out = new Float64Array(samples * 2);
    complementInputs({ inputs, samples, dimension, basis: { rank: 2, rows }, out });
    const dot = (a: Float64Array, i: number, b: Float64Array, j: number, length: number): number => {
      let sum = 0;
      for (let t = 0; t < length; t++) sum += a[i * length + t]! * b[j * length + t]!;
      return sum;
    };
    for (let n = 0; n < samples; n++) {
      for (let k = 0; k < samples; k++) {
        let expected = dot(inputs, n, inputs, k, 4);
        for (let b = 0; b < 2; b++) expected -= dot(inputs, n, rows, b, 4) * dot(inputs, k, rows, b, 4);
        expect(dot(out, n, out, k, 2)).toBeCloseTo(expected, 13);
      }
    }
  });

  test('coordinate vectors, whose reflections are the hard case of cancellation, give the other coordinates up to signs', () => {
    const out = new Float64Array(samples * 3);
    complementInputs({ inputs, samples, dimension, basis: { rank: 1, rows: Float64Array.of(1, 0, 0, 0) }, out });
    out.forEach((value, k) =>
      expect(Math.abs(value)).toBeCloseTo(Math.abs(inputs[Math.floor(k / 3) * 4 + (k % 3) + 1]!), 14),
    );
  });

  test('refuses a basis that is not orthonormal, fills everything, or does not fit', () => {
    const out = new Float64Array(samples * 2);
    const skew = Float64Array.of(1, 0, 0, 0, 0.6, 0.8, 0, 0);
    expect(() => complementInputs({ inputs, samples, dimension, basis: { rank: 2, rows: skew }, out })).toThrow(
      /orthonormal.*row 1/,
    );
    expect(() =>
      complementInputs({ inputs, samples, dimension, basis: { rank: 2, rows: rows.map((x) => 2 * x) }, out }),
    ).toThrow(UsageError);
    expect(() => complementInputs({ inputs, samples, dimension, basis: { rank: 4, rows }, out })).toThrow(
      /leave a complement/,
    );
    expect(() => complementInputs({ inputs, samples, dimension, basis: { rank: 1, rows }, out })).toThrow(
      /out must hold/,
    );
  });
});

describe('hotellingTest', () => {
  const { rows, predicted, statistic, pValue, zScores } = fixture.hotelling;

  test('is T² with its F tail (comparisonsTests.py)', () => {
    const found = hotellingTest(momentsOfRows(rows), predicted);
    expect(found.statistic / statistic).toBeCloseTo(1, 11);
    expect(found.pValue / pValue).toBeCloseTo(1, 10);
    found.zScores.forEach((z, i) => expect(z).toBeCloseTo(zScores[i], 10));
  });

  test('a component that repeats another adds no degree of freedom', () => {
    const doubled = rows.map((row: number[]) => [...row, 2 * row[0]!]);
    const found = hotellingTest(momentsOfRows(doubled), [...predicted, 2 * predicted[0]]);
    expect(found.degrees).toBe(3);
    expect(found.pValue / pValue).toBeCloseTo(1, 8);
  });

  test('sets of rows taken together have the moments of all rows', () => {
    const all = momentsOfRows(rows);
    const joined = joinMoments([momentsOfRows(rows.slice(0, 5)), momentsOfRows(rows.slice(5))]);
    expect(joined.count).toBe(all.count);
    Array.from(all.mean).forEach((mean, i) => {
      expect(joined.mean[i]).toBeCloseTo(mean, 12);
      Array.from(all.covariance[i]!).forEach((value, j) =>
        expect(joined.covariance[i]![j]! / value).toBeCloseTo(1, 12),
      );
    });
  });

  test('needs more draws than components', () => {
    expect(() => hotellingTest(momentsOfRows(rows.slice(0, 3)), predicted)).toThrow(UsageError);
  });
});

describe('initialisationTest', () => {
  const normals = new Float64Array(4000);
  randomStream('initialisation', 'unit', 0).fillNormals(normals);
  const uniforms = new Float64Array(4000);
  randomStream('initialisation', 'unit', 1).fillUniforms(uniforms);

  test('accepts the stated variance and refuses one off by a tenth', () => {
    // Each p-value above 0.001: false alarm 0.002 over seeds.
    expect(initialisationTest({ entries: [normals], variance: 1, distribution: 'normal' }).pValue).toBeGreaterThan(
      0.001,
    );
    expect(initialisationTest({ entries: [normals], variance: 1.1, distribution: 'normal' }).pValue).toBeLessThan(0.01);
    const centred = uniforms.map((u) => 2 * u - 1);
    expect(initialisationTest({ entries: [centred], variance: 1 / 3, distribution: 'uniform' }).pValue).toBeGreaterThan(
      0.001,
    );
    expect(initialisationTest({ entries: [centred], variance: 1.1 / 3, distribution: 'uniform' }).pValue).toBeLessThan(
      0.01,
    );
  });

  test('two entries of variance 1 have the closed form 1 − e^{−Σ/2}', () => {
    const { pValue, ratio } = initialisationTest({ entries: [[0.1], [0.2]], variance: 1, distribution: 'normal' });
    expect(pValue).toBeCloseTo(2 * (1 - Math.exp(-0.025)), 13);
    expect(ratio).toBeCloseTo(0.025, 14);
  });
});

describe('meanSpectrumTest', () => {
  const law = uniformPartsDouble([{ interval: [0, 1], mass: 1 }]);
  /** Rigid spectra: one eigenvalue in each bin of the unit interval. */
  const rigid = (replicate: number, stretch = 1): Float64Array => {
    const stream = randomStream('mean spectrum', 'unit', replicate);
    return Float64Array.from({ length: 100 }, (_, i) => Math.min(1, ((i + stream.uniform()) / 100) ** stretch)).sort();
  };
  const testOf = (stretch: number) =>
    meanSpectrumTest({
      rows: Array.from({ length: 10 }, (_, r) => spectrumGaps(rigid(r, stretch), law)),
      stream: randomStream('mean spectrum', 'bootstrap', 0),
    });

  test('accepts rigid spectra of the law and counts the gap in eigenvalues', () => {
    expect(testOf(1).pValue).toBeGreaterThan(0.2);
    // F_n(x) = x^{1/1.03}: 100 (x^{1/1.03} − x) is largest at 1.09 eigenvalues, x = 0.36.
    const wrong = testOf(1.03);
    expect(wrong.gap).toBeGreaterThan(0.9);
    expect(wrong.gap).toBeLessThan(1.5);
    expect(wrong.fittedPValue).toBeLessThan(1e-3);
    expect(wrong.pValue).toBeLessThan(0.005);
  });

  test('needs two draws', () => {
    expect(() => meanSpectrumTest({ rows: [spectrumGaps(rigid(0), law)], stream: randomStream(1, 'x', 0) })).toThrow(
      UsageError,
    );
  });
});
