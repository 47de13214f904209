import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { NumericalError, UsageError } from '../../../theory/errors.js';
import { backendsHere } from './linalgBackends.js';
import { maximumDifference, norm, testMatrix } from './linalgTestMatrices.js';

interface Fixture {
  matrices: { kind: string; order: number; eigenvalues: number[] }[];
}
/** numpy.linalg.eigvalsh, test/fixtures/numpy/eigenvalues.py. */
const { matrices } = JSON.parse(
  readFileSync(new URL('../../fixtures/numpy/eigenvalues.json', import.meta.url), 'utf8'),
) as Fixture;
const ACCURACY = 1e-13;
/** The slow backend stops here. */
const LARGEST_FOR_REFERENCE = 200;

let large: Float64Array | undefined;
const largeMatrix = (): Float64Array => (large ??= testMatrix('symmetric', 1000));

describe.each(await backendsHere())('symmetricEigenvalues, %s', (name, backend) => {
  const feasible = matrices.filter(({ order }) => name !== 'reference' || order <= LARGEST_FOR_REFERENCE);

  test.each(feasible)(
    'agrees with LAPACK to 1e-13 of the norm: $kind, order $order',
    ({ kind, order, eigenvalues }) => {
      const matrix = order > LARGEST_FOR_REFERENCE ? largeMatrix() : testMatrix(kind, order);
      const before = matrix.slice();
      const values = backend.symmetricEigenvalues(matrix, order);
      expect(maximumDifference(values, eigenvalues)).toBeLessThan(ACCURACY * norm(eigenvalues));
      expect(maximumDifference(matrix, before)).toBe(0);
      expect(maximumDifference(values, values.slice().sort())).toBe(0);
      if (order > LARGEST_FOR_REFERENCE) return;
      // The comparison above can fail: a matrix with one entry changed by a hundredth is far away.
      matrix[order * order - 1]! += 0.01 * norm(eigenvalues);
      expect(maximumDifference(backend.symmetricEigenvalues(matrix, order), eigenvalues)).toBeGreaterThan(
        100 * ACCURACY * norm(eigenvalues),
      );
    },
  );

  test('reads the lower triangle only', () => {
    const { eigenvalues } = matrices.find(({ kind, order }) => kind === 'symmetric' && order === 50)!;
    const matrix = testMatrix('symmetric', 50);
    for (let i = 0; i < 50; i += 1) for (let j = i + 1; j < 50; j += 1) matrix[i * 50 + j] = 1e6;
    expect(maximumDifference(backend.symmetricEigenvalues(matrix, 50), eigenvalues)).toBeLessThan(
      ACCURACY * norm(eigenvalues),
    );
  });

  test.each([1e-300, 1e-160, 1e-30, 1e30, 1e160, 1e300])('is scale-free: %p times a matrix', (factor) => {
    for (const [kind, order] of [
      ['symmetric', 47],
      ['spiked', 70],
      ['deficient', 80],
    ] as const) {
      const { eigenvalues } = matrices.find((m) => m.kind === kind && m.order === order)!;
      const values = backend.symmetricEigenvalues(
        testMatrix(kind, order).map((x) => x * factor),
        order,
      );
      expect(
        maximumDifference(
          values.map((x) => x / factor),
          eigenvalues,
        ),
      ).toBeLessThan(ACCURACY * norm(eigenvalues));
    }
  });

  test.each([1, 2, 3, 26, 100])('zero and multiples of the identity are exact, order %p', (order) => {
    expect(backend.symmetricEigenvalues(new Float64Array(order * order), order)).toEqual(new Float64Array(order));
    const identity = new Float64Array(order * order);
    for (let i = 0; i < order; i += 1) identity[i * order + i] = -3;
    expect(backend.symmetricEigenvalues(identity, order)).toEqual(new Float64Array(order).fill(-3));
  });

  test('finds the closed form of the second-difference matrix: 2 − 2 cos(πk/(n + 1))', () => {
    const n = 150;
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i += 1) {
      matrix[i * n + i] = 2;
      if (i > 0) matrix[i * n + i - 1] = -1;
      if (i < n - 1) matrix[i * n + i + 1] = -1;
    }
    const exact = Array.from({ length: n }, (_, k) => 4 * Math.sin((Math.PI * (k + 1)) / (2 * (n + 1))) ** 2);
    expect(maximumDifference(backend.symmetricEigenvalues(matrix, n), exact)).toBeLessThan(4 * ACCURACY);
  });

  test('splits where couplings vanish: two copies of a block have every eigenvalue twice', () => {
    const block = testMatrix('symmetric', 25);
    const matrix = new Float64Array(2500);
    for (let i = 0; i < 25; i += 1) {
      for (let j = 0; j < 25; j += 1) {
        matrix[i * 50 + j] = block[i * 25 + j]!;
        matrix[(i + 25) * 50 + j + 25] = block[i * 25 + j]!;
      }
    }
    const single = backend.symmetricEigenvalues(block, 25);
    const double = backend.symmetricEigenvalues(matrix, 50);
    expect(
      maximumDifference(
        double,
        Array.from(double, (_, k) => single[k >> 1]!),
      ),
    ).toBeLessThan(ACCURACY * norm(single));
  });

  test('refuses what it cannot do, and says so', () => {
    expect(() => backend.symmetricEigenvalues(new Float64Array(3), 2)).toThrow(UsageError);
    expect(() => backend.symmetricEigenvalues(new Float64Array(1), 0)).toThrow(
      'order must be an integer of at least 1, got 0',
    );
    expect(() => backend.symmetricEigenvalues(Float64Array.of(1, NaN, NaN, 1), 2)).toThrow(NumericalError);
    expect(() => backend.symmetricEigenvalues(Float64Array.of(1, Infinity, Infinity, 1), 2)).toThrow(
      'matrix[1] is Infinity; every entry must be finite',
    );
  });
});
