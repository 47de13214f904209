import { expect, test } from '@jest/globals';
import { findBlas } from '../../../simulations/linalg/native/findBlas.js';
import { nativeEigenvalues } from '../../../simulations/linalg/native/nativeEigenvalues.js';
import { bandOrder } from '../../../simulations/linalg/wasm/bandEigenvalues.js';
import { NumericalError } from '../../../theory/errors.js';
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

const byBand = blas?.dsytrdToBand === undefined ? test.skip : test;
/** What `nativeEigenvalues` takes: the lower triangle in columns, which it destroys; of a symmetric matrix either order. */
const distance = (expected: readonly number[], values: Float64Array): number =>
  Math.max(...expected.map((value, k) => Math.abs(value - values[k]!)));

byBand.each([1, 2, 3, 17, 33, 34, 64, 65, 130, 257])(
  'a band gives the eigenvalues of known matrices of order %d',
  (order) => {
    const solve = nativeEigenvalues(blas!, 1);
    const cases = [secondDifference(order), ...(order > 8 ? [cosines(order, [1, 3])] : [])];
    for (const { matrix, eigenvalues } of cases) {
      // 1e-14 of the norm, which is 4 and ½.
      const norm = Math.max(...eigenvalues, 1);
      for (const factor of [1, 1e-150, 1e150]) {
        const values = solve(
          matrix.map((x) => x * factor),
          order,
        ).map((x) => x / factor);
        expect(distance(eigenvalues, values)).toBeLessThan(1e-14 * norm);
      }
      // One entry off by a part in a thousand is seen.
      const changed = matrix.slice();
      changed[0]! += 1e-3;
      expect(distance(eigenvalues, solve(changed, order))).toBeGreaterThan(1e-6 / order);
    }
  },
);

byBand('only the lower triangle is read, and the matrix of zeros has zeros', () => {
  const order = 70;
  const { matrix, eigenvalues } = secondDifference(order);
  for (let j = 0; j < order; j += 1) for (let i = 0; i < j; i += 1) matrix[j * order + i] = NaN;
  expect(distance(eigenvalues, nativeEigenvalues(blas!, 1)(matrix, order))).toBeLessThan(4e-14);
  expect(nativeEigenvalues(blas!, 1)(new Float64Array(order ** 2), order)).toEqual(new Float64Array(order));
});

byBand('an entry that is not a number is an error', () => {
  expect(() => nativeEigenvalues(blas!, 1)(new Float64Array(1600).fill(NaN), 40)).toThrow(NumericalError);
});

test('a band from its order on, and none where the library has no such routine', () => {
  const asked: string[] = [];
  const dsyevd: Blas['dsyevd'] = (_triangle, n) => {
    asked.push(`whole ${n}`);
    return 0;
  };
  const dsytrdToBand: Blas['dsytrdToBand'] = (n) => {
    asked.push(`band ${n}`);
  };
  const matrix = new Float64Array(bandOrder ** 2);
  const newer = nativeEigenvalues({ dsyevd, dsytrdToBand });
  newer(matrix, bandOrder - 1);
  newer(matrix, bandOrder);
  nativeEigenvalues({ dsyevd, dsytrdToBand: undefined })(matrix, bandOrder);
  expect(asked).toEqual([`whole ${bandOrder - 1}`, `band ${bandOrder}`, `whole ${bandOrder}`]);
});
