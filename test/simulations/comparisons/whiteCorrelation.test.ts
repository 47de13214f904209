import { beforeAll, describe, expect, test } from '@jest/globals';
import { whiteCorrelation } from '../../../simulations/comparisons/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';

let backend: Backend;
beforeAll(async () => {
  backend = await createBackend('wasm');
});

describe('whiteCorrelation (seed correlations)', () => {
  test.each([
    [12, 30],
    [12, 12],
    [20, 8],
    [3, 1],
  ])('d = %d, %d degrees of freedom: the sum is d, the rank their smaller', (dimension, degrees) => {
    const workspace = backend.createWorkspace(dimension, Math.min(dimension, degrees));
    const values = whiteCorrelation(randomStream('correlations', 'sums', 0), workspace, degrees);
    expect(values.reduce((a, b) => a + b)).toBeCloseTo(dimension, 10);
    expect(values.filter((value) => value > 1e-10)).toHaveLength(Math.min(dimension, degrees));
  });
  test.each([
    [6, 10],
    [8, 4],
  ])('E tr R² = d + d (d − 1)/n at d = %d, n = %d, which a Wishart matrix exceeds by 2 d/n', (dimension, degrees) => {
    const workspace = backend.createWorkspace(dimension, Math.min(dimension, degrees));
    const stream = randomStream('correlations', 'moments', dimension);
    const squares = Array.from({ length: 2000 }, () =>
      whiteCorrelation(stream, workspace, degrees).reduce((sum, value) => sum + value * value, 0),
    );
    const mean = squares.reduce((a, b) => a + b) / squares.length;
    const error = Math.sqrt(squares.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / squares.length;
    // Squared cosines of independent directions of n dimensions have mean 1/n. Four standard errors: chance 6e-5.
    const exact = dimension + (dimension * (dimension - 1)) / degrees;
    expect(Math.abs(mean - exact)).toBeLessThan(4 * error);
    expect(exact + (2 * dimension) / degrees - mean).toBeGreaterThan(4 * error);
  });
  test('a workspace of another size is refused', () => {
    expect(() => whiteCorrelation(randomStream('c', 'c', 0), backend.createWorkspace(4, 9), 9)).toThrow(
      /min\(d, degrees\) samples is needed for d = 4 and 9/,
    );
  });
});
