import { expect, test } from '@jest/globals';
import {
  headSums,
  rowsInMemory,
  rowSumDefect,
  tokenFields,
  whitenedEnergy,
  WhitenedHead,
  whitenedSpectrum,
} from '../../../simulations/head/index.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { blocksOf, type SmallHead } from '../../helpers/headByDefinition.js';

const backend = await createBackend('wasm');

function drawnHead(samples: number, dimension: number, classes: number): SmallHead {
  const normals = (label: string, length: number, size: number): Float64Array => {
    const out = new Float64Array(length);
    randomStream('whitened', label, 0).fillNormals(out);
    return out.map((z) => size * z);
  };
  return {
    ...{ samples, dimension, classes },
    features: normals('features', samples * dimension, 0.8),
    readout: normals('readout', classes * dimension, 0.7),
  };
}

function whitened(head: SmallHead, tokens: readonly number[]) {
  const { features, samples, dimension, classes, readout } = head;
  const rows = rowsInMemory(readout, classes, dimension);
  const sums = headSums({ features, samples, dimension, rows, backend });
  const fields = tokenFields(features, { rows }, sums.logNormaliser, tokens, backend);
  return { sums, fields, operator: new WhitenedHead(fields, features, sums.gram, backend) };
}

/** Inverse by Gauss and Jordan, with pivots: shares nothing with Cholesky. */
function inverse(matrix: Float64Array, order: number): Float64Array {
  const a = matrix.slice();
  const out = new Float64Array(order * order);
  for (let i = 0; i < order; i++) out[i * (order + 1)] = 1;
  for (let column = 0; column < order; column++) {
    let pivot = column;
    for (let i = column; i < order; i++)
      if (Math.abs(a[i * order + column]!) > Math.abs(a[pivot * order + column]!)) pivot = i;
    for (const rows of [a, out])
      for (let j = 0; j < order; j++)
        [rows[column * order + j], rows[pivot * order + j]] = [rows[pivot * order + j]!, rows[column * order + j]!];
    const scale = a[column * (order + 1)]!;
    for (let i = 0; i < order; i++) {
      const factor = i === column ? 0 : a[i * order + column]! / scale;
      for (const rows of [a, out])
        for (let j = 0; j < order; j++) rows[i * order + j]! -= factor * rows[column * order + j]!;
    }
    for (const rows of [a, out]) for (let j = 0; j < order; j++) rows[column * order + j]! /= scale;
  }
  return out;
}

/** Σ_{i≠j} tr(D_i⁻¹ H_ij D_j⁻¹ H_ij) over some tokens, from the blocks written out. */
function energyByDefinition(head: SmallHead, tokens: readonly number[]): number {
  const { samples, dimension: d, classes } = head;
  const sum = blocksOf(
    head,
    Array.from({ length: samples }, (_, n) => n),
  );
  const block = (i: number, j: number) =>
    sum.subarray((i * classes + j) * d * d, (i * classes + j + 1) * d * d).map((entry) => entry / samples);
  const inverses = new Map(
    tokens.map((i) => {
      const own = block(i, i);
      let trace = 0;
      for (let k = 0; k < d; k++) trace += own[k * (d + 1)]!;
      for (let k = 0; k < d; k++) own[k * (d + 1)]! += (1e-6 * trace) / d;
      return [i, inverse(own, d)];
    }),
  );
  const times = (a: Float64Array, b: Float64Array) =>
    Float64Array.from({ length: d * d }, (_, at) => {
      let entry = 0;
      for (let k = 0; k < d; k++) entry += a[Math.floor(at / d) * d + k]! * b[k * d + (at % d)]!;
      return entry;
    });
  let energy = 0;
  for (const i of tokens)
    for (const j of tokens) {
      if (i === j) continue;
      const product = times(times(inverses.get(i)!, block(i, j)), times(inverses.get(j)!, block(j, i)));
      for (let k = 0; k < d; k++) energy += product[k * (d + 1)]!;
    }
  return energy;
}

/** All entries, by unit vectors. */
function matrixOf(operator: WhitenedHead, part: 'all' | 'off-diagonal'): Float64Array {
  const order = operator.length;
  const out = new Float64Array(order * order);
  for (let k = 0; k < order; k++) {
    const unit = new Float64Array(order);
    unit[k] = 1;
    out.set(operator.apply(unit, part), k * order);
  }
  return out;
}

test.each([
  ['more samples than features', drawnHead(40, 5, 12), [...Array(12).keys()]],
  ['some tokens, in any order', drawnHead(40, 5, 12), [7, 0, 11, 3]],
  ['fewer samples than features', drawnHead(6, 9, 8), [...Array(8).keys()]],
])('%s: the norm of the blocks off the diagonal is that of the inverses, to 1e-6', (_name, head, tokens) => {
  const { operator } = whitened(head, tokens);
  expect(operator.tokens).toEqual(tokens);
  expect(operator.order).toBe(Math.min(head.samples, head.dimension));
  const off = matrixOf(operator, 'off-diagonal');
  const energy = off.reduce((sum, entry) => sum + entry * entry, 0);
  expect(energy / energyByDefinition(head, tokens)).toBeCloseTo(1, 6);
  // Symmetric, with 0 where the diagonal blocks are.
  const { length, order } = operator;
  for (let k = 0; k < length; k++)
    for (let l = 0; l < k; l++) {
      expect(off[k * length + l]!).toBeCloseTo(off[l * length + k]!, 9);
      if (Math.floor(k / order) === Math.floor(l / order)) expect(Math.abs(off[k * length + l]!)).toBeLessThan(1e-9);
    }
  // 24 probes are within five standard errors of their mean: false alarm below 1e-4 with Student's t.
  const estimate = whitenedEnergy(operator, 24, '1');
  expect(Math.abs(estimate.value - energy)).toBeLessThan(5 * estimate.error);
  expect(estimate.error).toBeLessThan(0.5 * energy);
});

test('C = 23, D = 7: seven zeros, and every eigenvalue in [0, 2], as Lanczos finds', () => {
  const head = drawnHead(40, 7, 23);
  const { operator } = whitened(head, [...Array(23).keys()]);
  const eigenvalues = backend.symmetricEigenvalues(matrixOf(operator, 'all'), 161);
  expect(eigenvalues.filter((value) => Math.abs(value) < 1e-4)).toHaveLength(7);
  expect(eigenvalues[0]!).toBeGreaterThan(-1e-9);
  expect(eigenvalues[160]!).toBeLessThan(2);
  const spectrum = whitenedSpectrum(operator, 2, 60, '1');
  expect(spectrum.largest.value).toBeCloseTo(eigenvalues[160]!, 6);
  expect(Math.abs(spectrum.largest.value - eigenvalues[160]!)).toBeLessThan(Math.max(spectrum.largest.error, 1e-9));
  const nearest = eigenvalues.reduce(
    (least, value) => Math.min(least, Math.abs(value - spectrum.smallest.value)),
    Infinity,
  );
  expect(nearest).toBeLessThan(Math.max(spectrum.smallest.error, 1e-9));
  const mass = spectrum.masses.reduce((sum, value) => sum + value, 0);
  expect(mass).toBeCloseTo(1, 12);
  // Masses weigh as the vectors do: the mean of two start vectors of 161 entries has a standard deviation of 0.04 or less.
  const mean = spectrum.nodes.reduce((sum, node, k) => sum + node * spectrum.masses[k]!, 0);
  expect(Math.abs(mean - eigenvalues.reduce((sum, value) => sum + value, 0) / 161)).toBeLessThan(0.16);
});

test('rows of blocks add up to 0, and a normaliser that is off is seen', () => {
  const head = drawnHead(40, 5, 12);
  const { sums, fields } = whitened(head, [0, 5, 11]);
  const defect = (mass: Float64Array) => rowSumDefect(fields, head.features, mass, randomStream('1', 'u', 0));
  expect(defect(sums.mass)).toBeLessThan(1e-14);
  expect(defect(sums.mass.map((mass) => mass * (1 + 1e-6)))).toBeGreaterThan(1e-8);
});

test('a token that is never predicted has no block, and is left out', () => {
  const head = drawnHead(10, 2, 4);
  const { features, samples, dimension } = head;
  const rows = rowsInMemory(head.readout, 4, 2);
  const bias = Float64Array.of(0, 0, -800, 0);
  const { logNormaliser, gram } = headSums({ features, samples, dimension, rows, bias, backend });
  const fields = tokenFields(features, { rows, bias }, logNormaliser, [0, 1, 2, 3], backend);
  expect(new WhitenedHead(fields, features, gram, backend).tokens).toEqual([0, 1, 3]);
});
