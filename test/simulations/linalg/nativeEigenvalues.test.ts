import { expect, test } from '@jest/globals';
import { findBlas } from '../../../simulations/linalg/native/findBlas.js';
import { nativeEigenvalues, twoStageOrder } from '../../../simulations/linalg/native/nativeEigenvalues.js';
import type { Blas } from '../../../simulations/linalg/native/blasFunctions.js';

// Where no library is installed there is nothing to hold: backendChoice.test.ts says so.
const { blas } = await findBlas();

/** 2 − 2 cos(kπ/(n + 1)), k = 1 … n: the second difference. */
function secondDifference(order: number): { matrix: Float64Array; eigenvalues: number[] } {
  const matrix = new Float64Array(order * order);
  for (let k = 0; k < order; k++) {
    matrix[k * order + k] = 2;
    if (k > 0) matrix[k * order + k - 1] = matrix[(k - 1) * order + k] = -1;
  }
  return {
    matrix,
    eigenvalues: Array.from({ length: order }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (order + 1))),
  };
}

/** (1/n) times a circulant of cosines of whole frequencies, every entry filled: eigenvalues ½ twice each, the rest 0. */
function cosines(order: number, frequencies: readonly number[]): { matrix: Float64Array; eigenvalues: number[] } {
  const matrix = Float64Array.from({ length: order * order }, (_, at) => {
    const gap = (at % order) - Math.floor(at / order);
    return frequencies.reduce((sum, f) => sum + Math.cos((2 * Math.PI * f * gap) / order), 0) / order;
  });
  const live = 2 * frequencies.length;
  return { matrix, eigenvalues: Array.from({ length: order }, (_, k) => (k < order - live ? 0 : 0.5)) };
}

const both = blas?.dsyevdTwoStage === undefined ? test.skip : test;

both.each([1, 2, 3, 17, 64, 65, 130, 257])('two stages give the eigenvalues of known matrices of order %d', (order) => {
  const cases = [secondDifference(order), ...(order > 8 ? [cosines(order, [1, 3])] : [])];
  for (const { matrix, eigenvalues } of cases) {
    const values = new Float64Array(order);
    expect(blas!.dsyevdTwoStage!('U', order, matrix, order, values)).toBe(0);
    // 1e-14 of the norm, which is 4 and ½.
    const norm = Math.max(...eigenvalues);
    expect(Math.max(...eigenvalues.map((value, k) => Math.abs(value - values[k]!)))).toBeLessThan(
      1e-14 * Math.max(norm, 1),
    );
  }
});

test('two stages from their order on, and one where the library has no others', () => {
  const asked: string[] = [];
  const solver =
    (name: string) => (_triangle: 'U' | 'L', _n: number, _a: Float64Array, _lda: number, values: Float64Array) => {
      asked.push(`${name} ${values.length}`);
      return 0;
    };
  const library = { dsyevd: solver('one'), dsyevdTwoStage: solver('two') } as unknown as Blas;
  const older = { dsyevd: solver('one'), dsyevdTwoStage: undefined } as unknown as Blas;
  const nothing = new Float64Array(0);
  for (const [of, order] of [
    [library, twoStageOrder - 1],
    [library, twoStageOrder],
    [older, twoStageOrder],
  ] as const)
    nativeEigenvalues(of, 'U', nothing, order);
  expect(asked).toEqual([`one ${twoStageOrder - 1}`, `two ${twoStageOrder}`, `one ${twoStageOrder}`]);
});
