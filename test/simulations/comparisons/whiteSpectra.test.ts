import { expect, test } from '@jest/globals';
import { whiteSpectra, whiteSpectrum } from '../../../simulations/comparisons/index.js';
import { tridiagonalEigenvaluesOfTwo } from '../../../simulations/linalg/reference/tridiagonalEigenvalues.js';
import { randomStream } from '../../../simulations/random/index.js';

test.each([
  [40, 100, 5],
  [30, 20, 4],
  [1, 3, 1],
])('d = %d, N = %d: %d spectra two at a time are the same numbers as one by one', (d, samples, count) => {
  const streamOf = (r: number) => randomStream('white spectra', `${d}`, r);
  const streams = Array.from({ length: count }, (_, r) => streamOf(r));
  const one = streams.map((_, r) => whiteSpectrum(streamOf(r), d, samples));
  expect(whiteSpectra(streams, d, samples)).toEqual(one);
});

test('two matrices of different orders, one that falls apart: 2 − 2 cos(kπ/(n + 1)), and its diagonal', () => {
  const chain = (n: number) => ({ diagonal: new Float64Array(n).fill(2), offDiagonal: new Float64Array(n).fill(-1) });
  const apart = { diagonal: Float64Array.of(3, 1, 2), offDiagonal: new Float64Array(3) };
  const [long, short] = tridiagonalEigenvaluesOfTwo(chain(50), chain(7));
  for (const [values, n] of [
    [long, 50],
    [short, 7],
  ] as const)
    values.forEach((value, k) => expect(value).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 12));
  const [first, second] = tridiagonalEigenvaluesOfTwo(apart, chain(7));
  expect(Array.from(first)).toEqual([1, 2, 3]);
  expect(second).toEqual(short);
});
