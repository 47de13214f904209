import { expect, test } from '@jest/globals';
import { ratioTest } from '../../../simulations/comparisons/index.js';
import { headSums, readoutDraws, rowsInMemory } from '../../../simulations/head/index.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { initialisationLimit } from '../../../theory/head/initialisation.js';
import { initialisationSums } from '../../../theory/head/initialisationSums.js';

const backend = await createBackend('wasm');
const [samples, dimension, classes] = [24, 12, 400];
const features = new Float64Array(samples * dimension);
randomStream('readout draws', 'h', 0).fillNormals(features);
const gram = Float64Array.from({ length: samples * samples }, (_, at) => {
  let inner = 0;
  for (let k = 0; k < dimension; k++)
    inner += features[Math.floor(at / samples) * dimension + k]! * features[(at % samples) * dimension + k]!;
  return inner;
});
const variance = 0.04;
const draw = (classes: number) =>
  readoutDraws({
    ...{ samples, classes, seed: '1', backend, draws: 300 },
    gram: gram.map((inner) => variance * inner),
  });
const drawn = draw(classes);
const test1 = (t: number, draws = drawn) =>
  ratioTest(
    draws.map(({ offDiagonal }) => offDiagonal),
    draws.map(({ diagonal }) => diagonal),
    t,
  );
const tOf = (of = variance, count = classes): number => {
  const { off, on } = initialisationSums(gram, samples, of, count).all;
  return off / on;
};

test('draws of V through the Gram of the features have the ratio of the formula (seed 1, false alarm 1 %)', () => {
  expect(test1(tOf()).pValue).toBeGreaterThan(0.01);
});

test('and no other: τ 10 % larger, the limit C → ∞ in its place at C = 20, the tilt e^{τg} left out', () => {
  expect(test1(tOf(1.1 * variance)).pValue).toBeLessThan(1e-3);
  const few = draw(20);
  expect(test1(tOf(variance, 20), few).pValue).toBeGreaterThan(0.01);
  expect(test1((initialisationLimit(gram, samples, variance).all * 19) / 400, few).pValue).toBeLessThan(1e-6);
  expect(test1(tOf() / initialisationLimit(gram, samples, variance).all).pValue).toBeLessThan(1e-6);
});

test('one draw is the same as that of V·h with V normal, in distribution: mean of the diagonal within 4 standard errors', () => {
  const readout = new Float64Array(classes * dimension);
  const direct = Float64Array.from({ length: 100 }, (_, draw) => {
    randomStream('readout draws', 'V', draw).fillNormals(readout);
    const rows = rowsInMemory(
      readout.map((z) => Math.sqrt(variance) * z),
      classes,
      dimension,
    );
    return headSums({ features, samples, dimension, rows, backend }).all.diagonal * variance ** 2;
  });
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  const variances = (values: ArrayLike<number>) => mean(Array.from(values, (value) => (value - mean(values)) ** 2));
  const gram2 = drawn.map(({ diagonal }) => diagonal);
  const error = Math.sqrt(variances(direct) / 100 + variances(gram2) / 300);
  expect(Math.abs(mean(direct) - mean(gram2))).toBeLessThan(4 * error);
});
