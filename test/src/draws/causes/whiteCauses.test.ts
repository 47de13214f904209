import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Backend, RandomStream, Workspace } from '../../../../simulations/contracts.js';
import type { NullTable } from '../../../../simulations/comparisons/index.js';
import { inputSampler, type InputDistribution } from '../../../../simulations/inputs/index.js';
import { createBackend } from '../../../../simulations/linalg/index.js';
import { randomStream } from '../../../../simulations/random/index.js';
import type { Cause } from '../../../../src/draws/causes/cause.js';
import { whiteCauses, type WhiteStated } from '../../../../src/draws/causes/whiteCauses.js';

// One draw of each kind, at one seed: docs/tables/causes.md has how often each is named right, 0.92 and more.
const [d, N] = [100, 300];
let backend: Backend;
beforeAll(async () => {
  backend = await createBackend('wasm');
});
const tables = new Map<string, NullTable>();

/** Eigenvalues of XᵀX/N; rounding leaves dead directions near 0. */
function spectrum(
  dimension: number,
  samples: number,
  change: (workspace: Workspace, stream: RandomStream) => void,
): Float64Array {
  const workspace = backend.createWorkspace(dimension, samples);
  change(workspace, randomStream('causes test', `${dimension} ${samples}`, 0));
  const values = workspace.eigenvalues(new Float64Array(samples).fill(1)).slice();
  return values.map((value) => (value < 1e-12 * values.at(-1)! ? 0 : value));
}
const white = (workspace: Workspace, stream: RandomStream): void => workspace.drawInputs(stream);
const sampled =
  (inputs: InputDistribution) =>
  (workspace: Workspace, stream: RandomStream): void =>
    inputSampler(inputs, workspace.dimension)(workspace, stream);
/** Columns times a factor each. */
const columns =
  (factorOf: (i: number) => number) =>
  (workspace: Workspace, stream: RandomStream): void => {
    workspace.drawInputs(stream);
    const { inputs, dimension } = workspace;
    for (let at = 0; at < inputs.length; at++) inputs[at]! *= factorOf(at % dimension);
  };
const causesOf = (values: Float64Array, stated: WhiteStated = {}): readonly Cause[] | undefined =>
  whiteCauses(
    values,
    { samples: N, variance: 1, classes: 10, ...stated },
    { backend, level: 0.01, seed: 'causes test', replicates: 299, tables },
  );
const only = (causes: readonly Cause[] | undefined): Cause => {
  expect(causes).toHaveLength(1);
  return causes![0]!;
};

describe('white noise with one thing wrong', () => {
  test('nothing: no cause', () => {
    expect(causesOf(spectrum(d, N, white))).toEqual([]);
  });
  test.each([
    ['N', N],
    ['2', 2],
    ['2/C', 0.2],
  ])('a factor %s, found within its interval', (text, factor) => {
    const cause = only(causesOf(spectrum(d, N, white).map((value) => factor * value)));
    if (cause.name !== 'factor') throw new Error(cause.name);
    expect(cause.named.map((named) => named.text)).toEqual([text]);
    expect(cause.interval[0]).toBeLessThan(factor);
    expect(cause.interval[1]).toBeGreaterThan(factor);
    expect(cause.refit!.pValue).toBeGreaterThan(0.01);
  });
  test('a factor that nobody makes has no name', () => {
    const cause = only(causesOf(spectrum(d, N, white).map((value) => 1.3 * value)));
    expect(cause).toMatchObject({ name: 'factor', named: [] });
  });
  test('without a variance stated there is no factor', () => {
    expect(
      causesOf(
        spectrum(d, N, white).map((value) => 2 * value),
        { variance: undefined },
      ),
    ).toEqual([]);
  });
  test('N/d for d/N, either way', () => {
    expect(only(causesOf(spectrum(d, N, white), { samples: 33, aspectRatio: 3 }))).toMatchObject({
      name: 'swapped ratio',
      samples: 300,
    });
    expect(only(causesOf(spectrum(120, 60, white), { samples: 240, aspectRatio: 0.5 }))).toMatchObject({
      name: 'swapped ratio',
      samples: 60,
    });
  });
  test('zeros: dead columns, samples that are none, a mean subtracted, fewer than N allows', () => {
    expect(
      only(
        causesOf(
          spectrum(
            d,
            N,
            columns((i) => (i % 20 === 0 ? 0 : 1)),
          ),
        ),
      ),
    ).toMatchObject({
      name: 'zeros',
      of: 'columns',
      zeros: 5,
      expected: 0,
      dimension: 95,
      samples: N,
    });
    const singular = spectrum(120, 60, white);
    expect(only(causesOf(singular, { samples: 70 }))).toMatchObject({
      name: 'zeros',
      of: 'samples',
      zeros: 60,
      expected: 50,
      samples: 60,
    });
    expect(only(causesOf(singular, { samples: 61 }))).toMatchObject({ name: 'centred', samples: 60 });
    expect(only(causesOf(singular, { samples: 50 }))).toMatchObject({ name: 'other N', samples: 60 });
  });
  test('singular values of the data, standard deviations: square roots', () => {
    const values = spectrum(d, N, white);
    const cause = only(causesOf(values.map((value) => Math.sqrt(N * value))));
    expect(cause.name).toBe('square roots');
    // σ² = 1, to √(2/(dN)) = 0.8 %.
    expect(cause.refit!.scale / N).toBeGreaterThan(0.96);
    expect(cause.refit!.scale / N).toBeLessThan(1.04);
    expect(only(causesOf(values.map(Math.sqrt), { samples: undefined, variance: undefined })).name).toBe(
      'square roots',
    );
    expect(only(causesOf(spectrum(120, 60, white).map(Math.sqrt), { samples: 60 })).name).toBe('square roots');
  });
  test('a mode; a mode and a factor', () => {
    const spiked = spectrum(
      d,
      N,
      columns((i) => (i === 0 ? 3 : 1)),
    );
    const cause = only(causesOf(spiked));
    if (cause.name !== 'modes') throw new Error(cause.name);
    // Strength 9: the eigenvalue fluctuates by √(2/N) = 8 %.
    expect(cause.above[0]!.strength / 9).toBeGreaterThan(0.7);
    expect(cause.above[0]!.strength / 9).toBeLessThan(1.3);
    expect(causesOf(spiked.map((value) => 2 * value))?.map(({ name }) => name)).toEqual(['factor', 'modes']);
    expect(causesOf(spiked, { predicted: [cause.above[0]!.eigenvalue] })).toEqual([]);
  });
  test('another N, with an interval that covers it', () => {
    const cause = only(causesOf(spectrum(d, 240, white)));
    if (cause.name !== 'other N') throw new Error(cause.name);
    expect(cause.interval![0]).toBeLessThan(240);
    expect(cause.interval![1]).toBeGreaterThan(240);
  });
  test('columns correlated: rows or columns; Student entries and lengths: heavy tails', () => {
    const named = (inputs: InputDistribution) => only(causesOf(spectrum(d, N, sampled(inputs)))).name;
    expect(named({ kind: 'toeplitz', correlation: 0.3 })).toBe('rows or columns');
    expect(named({ kind: 'student', degrees: 3, radius: 'independent' })).toBe('heavy tails');
    expect(named({ kind: 'student', degrees: 4, radius: 'shared' })).toBe('heavy tails');
  });
  test('without N either: heavy tails and rows or columns', () => {
    const named = (inputs: InputDistribution) =>
      only(causesOf(spectrum(d, N, sampled(inputs)), { samples: undefined, variance: undefined })).name;
    expect(named({ kind: 'student', degrees: 3, radius: 'shared' })).toBe('heavy tails');
    expect(named({ kind: 'toeplitz', correlation: 0.5 })).toBe('rows or columns');
  });
  test('none of those known is an answer: equally spaced eigenvalues', () => {
    expect(causesOf(Float64Array.from({ length: d }, (_, i) => 1 + i / d))).toEqual([]);
  });
});

test('of fewer than 20 eigenvalues, or negative ones, nothing is said', () => {
  expect(causesOf(Float64Array.from({ length: 19 }, (_, i) => 1 + i))).toBeUndefined();
  expect(causesOf(Float64Array.from({ length: 40 }, (_, i) => i - 20))).toBeUndefined();
});
