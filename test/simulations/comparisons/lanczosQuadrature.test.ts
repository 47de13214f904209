import { describe, expect, test } from '@jest/globals';
import { lanczosQuadrature, tridiagonalQuadrature, whiteQuadrature } from '../../../simulations/comparisons/index.js';
import { randomStream } from '../../../simulations/random/index.js';

type Measure = ReturnType<typeof tridiagonalQuadrature>;
const momentOf = ({ nodes, masses }: Measure, power: number) =>
  nodes.reduce((sum, node, k) => sum + masses[k]! * node ** power, 0);

describe('tridiagonalQuadrature', () => {
  test('Chebyshev: nodes cos(kπ/(m+1)), weights 2/(m+1) sin², of the matrix with ½ beside the diagonal', () => {
    const m = 9;
    const { nodes, masses } = tridiagonalQuadrature({
      diagonal: new Float64Array(m),
      offDiagonal: new Float64Array(m).map((_, k) => (k < m - 1 ? 0.5 : 0)),
    });
    for (let k = 1; k <= m; k++) {
      const angle = (k * Math.PI) / (m + 1);
      expect(nodes[m - k]!).toBeCloseTo(Math.cos(angle), 13);
      expect(masses[m - k]!).toBeCloseTo((2 / (m + 1)) * Math.sin(angle) ** 2, 13);
    }
  });
  test('one node, and couplings of zero', () => {
    expect(tridiagonalQuadrature({ diagonal: Float64Array.of(3), offDiagonal: Float64Array.of(0) })).toEqual({
      nodes: Float64Array.of(3),
      masses: Float64Array.of(1),
    });
    const apart = tridiagonalQuadrature({ diagonal: Float64Array.of(2, 1), offDiagonal: Float64Array.of(0, 0) });
    expect(apart).toEqual({ nodes: Float64Array.of(1, 2), masses: Float64Array.of(0, 1) });
  });
});

describe('lanczosQuadrature', () => {
  const eigenvalues = Float64Array.from({ length: 40 }, (_, k) => (k / 20) ** 2 - 1);
  /** The vector from which it starts. */
  const startMasses = () => {
    const start = new Float64Array(40);
    randomStream('lanczos', 'start', 0).fillNormals(start);
    const total = start.reduce((sum, value) => sum + value * value, 0);
    return start.map((value) => (value * value) / total);
  };
  test('m nodes have the first 2m − 1 moments of the measure of the start vector, and not the next', () => {
    const found = lanczosQuadrature(randomStream('lanczos', 'start', 0), eigenvalues, 5);
    const whole = { nodes: eigenvalues, masses: startMasses() };
    for (let power = 0; power <= 9; power++) expect(momentOf(found, power)).toBeCloseTo(momentOf(whole, power), 11);
    expect(Math.abs(momentOf(found, 10) - momentOf(whole, 10))).toBeGreaterThan(1e-3);
  });
  test('as many steps as eigenvalues give them back; equal ones are one node', () => {
    const all = lanczosQuadrature(randomStream('lanczos', 'start', 0), eigenvalues, 40);
    for (let k = 0; k < 40; k++) expect(all.nodes[k]!).toBeCloseTo(eigenvalues[k]!, 10);
    const two = lanczosQuadrature(randomStream('lanczos', 'start', 0), Float64Array.of(1, 1, 1, 2, 2), 5);
    expect(two.nodes).toHaveLength(2);
    expect(two.nodes[1]!).toBeCloseTo(2, 13);
    expect(() => lanczosQuadrature(randomStream('l', 's', 0), eigenvalues, 41)).toThrow(/from 1 to 40 steps/);
  });
});

describe('whiteQuadrature', () => {
  test.each([
    [30, 60],
    [30, 12],
  ])('d = %d, N = %d: E of the moments is E tr W^k/d of the real Wishart matrix', (dimension, samples) => {
    const stream = randomStream('lanczos', 'white', samples);
    const draws = Array.from({ length: 4000 }, () => whiteQuadrature(stream, dimension, samples, 4));
    const [d, n] = [dimension, samples];
    // Closed forms of E tr W^k/d, W = (1/N) Σ x xᵀ.
    const exact = [1, (n + d + 1) / n, (n * n + 3 * n * d + d * d + 3 * n + 3 * d + 4) / (n * n)];
    exact.forEach((expected, k) => {
      const values = draws.map((measure) => momentOf(measure, k + 1));
      const mean = values.reduce((a, b) => a + b) / values.length;
      const error = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / values.length;
      // Four standard errors: chance 6e-5 each. The moments of the limit law are off by more from the second on.
      expect(Math.abs(mean - expected)).toBeLessThan(4 * error);
    });
  });
  test('more steps than N + 1 end with the kernel: a node at 0 of mass about 1 − N/d', () => {
    const { nodes, masses } = whiteQuadrature(randomStream('lanczos', 'kernel', 0), 40, 10, 30);
    expect(nodes).toHaveLength(11);
    expect(Math.abs(nodes[0]!)).toBeLessThan(1e-12);
    // Beta(15, 5): mean 0.75, standard deviation 0.095.
    expect(Math.abs(masses[0]! - 0.75)).toBeLessThan(0.38);
  });
});
