import { describe, expect, test } from '@jest/globals';
import { createBackend } from '../../../simulations/linalg/index.js';
import {
  bandBuffers,
  bandEigenvalues,
  bandOrder,
  tridiagonalBuffers,
} from '../../../simulations/linalg/wasm/bandEigenvalues.js';
import {
  eigenBuffers,
  eigenvaluesInPlace,
  matrixLength,
  rowLength,
} from '../../../simulations/linalg/wasm/eigenSolver.js';
import { keptInstance } from '../../../simulations/linalg/wasm/keptInstance.js';
import { kernelModule } from '../../../simulations/linalg/wasm/kernelModule.js';
import { NumericalError } from '../../../theory/errors.js';
import { maximumDifference, norm, testMatrix } from './linalgTestMatrices.js';

/** Of the norm: a backward stable method is a few units of rounding off, 1e-14 at these orders. */
const ACCURACY = 4e-14;
/** Room as in a solver for orders to 300. */
const LARGEST = 300;
/** Both ends of panels (24), blocks (120) and whole tiles (12), and what is smaller than any of them. */
const ORDERS = [...Array.from({ length: 39 }, (_, k) => k + 1), 64, 65, 119, 120, 121, 127, 129, 145, 240, 241, 257];
/** For what differs in kind and not in size. */
const FEW = [1, 2, 3, 11, 12, 13, 23, 24, 25, 26, 49, 64, 120, 121, 145, 257];

type Solve = (matrix: Float64Array, order: number) => Float64Array;

/** The solver of the embedded kernels with and without the band, whatever the order. */
function solvers(fused: boolean): { byBand: Solve; byPanels: Solve } {
  const place = keptInstance(kernelModule({ fused }).module);
  const solve =
    (from: number): Solve =>
    (matrix, order) => {
      const { kernels, at, view } = place((layout, kernels) => ({
        matrix: layout.numbers(matrixLength(LARGEST)),
        ...eigenBuffers(layout, kernels, LARGEST),
      }));
      const rows = view(at.matrix);
      // What is not the lower triangle is not read.
      rows.fill(NaN);
      for (let i = 0; i < order; i += 1) rows.set(matrix.subarray(i * order, i * order + i + 1), i * rowLength(order));
      return eigenvaluesInPlace(kernels, rows.buffer as ArrayBuffer, at, at.matrix.address, order, from);
    };
  return { byBand: solve(0), byPanels: solve(Infinity) };
}

/** The same by a band of any width: those of a library are wider. */
function byWidth(fused: boolean, width: number): Solve {
  const place = keptInstance(kernelModule({ fused }).module);
  return (matrix, order) => {
    const { kernels, at, view } = place((layout, kernels) => ({
      matrix: layout.numbers(matrixLength(LARGEST)),
      vectors: layout.numbers(3 * width * rowLength(LARGEST)),
      // The rooms that `toBand` asks for, with 120 rows in a block.
      a: layout.numbers(Math.max(4 * width, 120) * rowLength(LARGEST)),
      b: layout.numbers(3 * width * rowLength(LARGEST) + 120 ** 2),
      work: layout.numbers((5 * width + 1) * width),
      ...tridiagonalBuffers(layout, LARGEST),
      ...bandBuffers(layout, kernels, LARGEST, width),
    }));
    const rows = view(at.matrix);
    for (let i = 0; i < order; i += 1) rows.set(matrix.subarray(i * order, i * order + i + 1), i * rowLength(order));
    kernels.toBand(
      order,
      width,
      ...([at.matrix.address, rowLength(order) * 8, at.band.address, at.vectors.address] as const),
      ...([at.a.address, at.b.address, at.work.address] as const),
    );
    return bandEigenvalues(kernels, rows.buffer as ArrayBuffer, at, order, width);
  };
}

const diagonal = (entries: readonly number[]): Float64Array => {
  const matrix = new Float64Array(entries.length ** 2);
  entries.forEach((entry, i) => (matrix[i * entries.length + i] = entry));
  return matrix;
};

// Fused kernels where this machine has them.
await createBackend('wasm');

describe.each([
  ['fused', true],
  ['plain', false],
])('eigenvalues by way of a band, %s kernels', (_, fused) => {
  const { byBand, byPanels } = solvers(fused);

  test.each(['symmetric', 'clustered', 'deficient', 'spiked', 'graded', 'wilkinson'])(
    'are those of the reduction without a band: %s',
    (kind) => {
      for (const order of kind === 'symmetric' ? ORDERS : FEW) {
        const matrix = testMatrix(kind, order);
        const expected = byPanels(matrix, order);
        expect(maximumDifference(byBand(matrix, order), expected)).toBeLessThanOrEqual(ACCURACY * norm(expected));
        // A hundredth of the norm at the last entry, or at the first, moves the trace by as much.
        const step = 0.01 * (norm(expected) || 1);
        for (const at of [0, order ** 2 - 1]) {
          const changed = matrix.slice();
          changed[at]! += step;
          expect(maximumDifference(byBand(changed, order), expected)).toBeGreaterThan((0.9 * step) / order);
        }
      }
    },
  );

  test.each([12, 36, 48, 60])('are the same by a band of %d diagonals', (width) => {
    for (const order of [5, 59, 61, 120, 133, 257]) {
      const matrix = testMatrix('symmetric', order);
      const expected = byPanels(matrix, order);
      const values = byWidth(fused, width)(matrix, order);
      expect(maximumDifference(values, expected)).toBeLessThan(ACCURACY * norm(expected));
      matrix[order ** 2 - 1]! += 0.01 * norm(expected);
      expect(maximumDifference(byWidth(fused, width)(matrix, order), expected)).toBeGreaterThan(
        (0.009 * norm(expected)) / order,
      );
    }
  });

  test('of the second difference, 4 sin²(πk/(2(n + 1))), at any scale', () => {
    for (const order of FEW) {
      const matrix = diagonal(new Array<number>(order).fill(2));
      for (let i = 1; i < order; i += 1) matrix[i * order + i - 1] = -1;
      const exact = Array.from({ length: order }, (_, k) => 4 * Math.sin((Math.PI * (k + 1)) / (2 * (order + 1))) ** 2);
      for (const factor of [1, 1e-150, 1e150]) {
        const values = byBand(
          matrix.map((x) => x * factor),
          order,
        );
        expect(
          maximumDifference(
            values.map((x) => x / factor),
            exact,
          ),
        ).toBeLessThan(4 * ACCURACY);
      }
    }
  });

  test('of rank one: |x|² and zeros; of the cosines of two frequencies: ½ four times and zeros', () => {
    for (const order of FEW) {
      const x = Array.from({ length: order }, (_, i) => 1 + (i % 5));
      const outer = Float64Array.from({ length: order ** 2 }, (_, at) => x[Math.floor(at / order)]! * x[at % order]!);
      const square = x.reduce((sum, xi) => sum + xi ** 2, 0);
      const expected = new Float64Array(order);
      expected[order - 1] = square;
      expect(maximumDifference(byBand(outer, order), expected)).toBeLessThan(ACCURACY * square);
      if (order < 9) continue;
      const circulant = Float64Array.from({ length: order ** 2 }, (_, at) => {
        const angle = (2 * Math.PI * ((at % order) - Math.floor(at / order))) / order;
        return (Math.cos(angle) + Math.cos(3 * angle)) / order;
      });
      expect(maximumDifference(byBand(circulant, order), new Float64Array(order).fill(0.5, order - 4))).toBeLessThan(
        ACCURACY,
      );
    }
  });

  test('of zeros, multiples of the identity and diagonal matrices are exact', () => {
    for (const order of FEW) {
      for (const entries of [
        new Array<number>(order).fill(0),
        new Array<number>(order).fill(-3),
        Array.from({ length: order }, (_, i) => ((7 * i) % order) - order / 2),
      ])
        expect(byBand(diagonal(entries), order)).toEqual(Float64Array.from(entries).sort());
    }
  });

  test('an entry that is not finite is an error', () => {
    for (const entry of [NaN, Infinity]) expect(() => byBand(diagonal([1, entry, 1]), 3)).toThrow(NumericalError);
  });
});

test('from its order on the embedded backend takes the band: trace, squares and interlacing of the leading minor', async () => {
  const order = bandOrder;
  const matrix = testMatrix('symmetric', order);
  const minor = Float64Array.from({ length: (order - 1) ** 2 }, (_, at) => {
    const row = Math.floor(at / (order - 1));
    return matrix[row * order + (at - row * (order - 1))]!;
  });
  const backend = await createBackend('wasm');
  const values = backend.symmetricEigenvalues(matrix, order);
  const inner = backend.symmetricEigenvalues(minor, order - 1);
  const tolerance = ACCURACY * norm(values);
  const total = (numbers: Iterable<number>): number => [...numbers].reduce((sum, x) => sum + x, 0);
  const trace = total(Array.from({ length: order }, (_, i) => matrix[i * order + i]!));
  const squares = total(matrix.map((x) => x ** 2));
  expect(Math.abs(total(values) - trace)).toBeLessThan(order * tolerance);
  expect(Math.abs(total(values.map((x) => x ** 2)) - squares)).toBeLessThan(2 * ACCURACY * order * squares);
  // Cauchy: between two eigenvalues of a matrix lies one of its minor, here by the reduction without a band.
  const misplaced = (offset: number): number =>
    inner.filter((x, k) => x + offset < values[k]! - tolerance || x + offset > values[k + 1]! + tolerance).length;
  expect(misplaced(0)).toBe(0);
  // The identities can fail: a spectrum moved by a mean gap is out of place.
  expect(misplaced((2 * norm(values)) / order)).toBeGreaterThan(order / 4);
});
