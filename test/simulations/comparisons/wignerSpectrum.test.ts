import { expect, test } from '@jest/globals';
import { wignerMatrix, wignerSpectrum } from '../../../simulations/comparisons/index.js';
import { referenceBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { UsageError } from '../../../theory/errors.js';

// Exact at every d for this ensemble: E tr H²/d = 1 + 1/d, E tr H⁴/d = 2 + 5/d + 5/d² (counting pairings, β = 1).
test.each([
  ['tridiagonal', (r: number, d: number) => wignerSpectrum(randomStream('wigner', 'tridiagonal', r), d)],
  [
    'dense',
    (r: number, d: number) =>
      referenceBackend().symmetricEigenvalues(
        wignerMatrix(randomStream('wigner', 'dense', r), new Float64Array(d).fill(1)),
        d,
      ),
  ],
])('the %s draw has the moments of the Gaussian orthogonal ensemble at d = 12 (seed wigner)', (_name, draw) => {
  const [d, draws] = [12, 800];
  for (const [power, expected] of [
    [1, 0],
    [2, 1 + 1 / d],
    [4, 2 + 5 / d + 5 / d ** 2],
  ] as const) {
    const means = Array.from({ length: draws }, (_, r) => draw(r, d).reduce((sum, x) => sum + x ** power / d, 0));
    const mean = means.reduce((sum, x) => sum + x / draws, 0);
    const error = Math.sqrt(means.reduce((sum, x) => sum + (x - mean) ** 2, 0)) / draws;
    // Six tests at four standard errors: a false alarm in 4e-4. A diagonal of variance 1/d would move m_2 by 1/d, some 14 of them.
    expect(Math.abs(mean - expected)).toBeLessThan(4 * error);
  }
});

test('one dimension, ascending order, and what is no dimension', () => {
  expect(wignerSpectrum(randomStream('wigner', 'one', 0), 1)).toHaveLength(1);
  const values = wignerSpectrum(randomStream('wigner', 'order', 0), 50);
  expect([...values].sort((a, b) => a - b)).toEqual([...values]);
  expect(() => wignerSpectrum(randomStream('wigner', 'none', 0), 0)).toThrow(UsageError);
});
