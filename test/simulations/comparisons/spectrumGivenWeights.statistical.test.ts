import { describe, expect, test } from '@jest/globals';
import { spectrumGivenWeights } from '../../../simulations/comparisons/index.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';

const seed = 'spectrum given weights 1';
const workspaceOf = async (dimension: number, samples: number) =>
  (await createBackend('wasm')).createWorkspace(dimension, samples);

/** `count` weights of one value at places all over, the others 0. */
function gates(samples: number, count: number, value: number): Float64Array {
  return Float64Array.from({ length: samples }, (_, n) =>
    Math.floor(((n + 1) * count) / samples) > Math.floor((n * count) / samples) ? value : 0,
  );
}

function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) };
}

// A normal score beyond 4.5 has a chance of 7e-6; fewer than forty are looked at here.
const largestScore = 4.5;

describe(`weights that are 0 or all alike (seed ${seed})`, () => {
  const draws = 2000;

  // More samples than dimensions and fewer; all gates open; a negative weight.
  test.each([
    [30, 60, 45, 0.7],
    [30, 60, 20, 0.7],
    [12, 12, 12, 2],
    [20, 50, 25, -0.4],
  ])('d = %d, N = %d, %d weights of %d… and their traces', async (dimension, samples, count, value) => {
    const workspace = await workspaceOf(dimension, samples);
    const weights = gates(samples, count, value);
    const spectra = Array.from({ length: draws }, (_, r) =>
      spectrumGivenWeights(workspace, weights, randomStream(seed, `${dimension} ${count}`, r)),
    );
    for (const spectrum of spectra) {
      expect(spectrum.every((x, k) => k === 0 || x >= spectrum[k - 1]!)).toBe(true);
      expect(spectrum.filter((x) => x === 0)).toHaveLength(Math.max(0, dimension - count));
    }
    // tr H is a/N times χ² with dk degrees; E tr H² = (a/N)² k d (d + k + 1), from E|x|⁴ and E(x·x′)².
    const unit = value / samples;
    const traces = momentsOf(spectra.map((spectrum) => spectrum.reduce((sum, x) => sum + x, 0)));
    const squares = momentsOf(spectra.map((spectrum) => spectrum.reduce((sum, x) => sum + x * x, 0)));
    const score = ({ mean, variance }: { mean: number; variance: number }, expected: number): number =>
      Math.abs(mean - expected) / Math.sqrt(variance / draws);
    const [meanTrace, meanSquare] = [
      (k: number) => unit * dimension * k,
      (k: number) => unit * unit * k * dimension * (dimension + k + 1),
    ];
    expect(score(traces, meanTrace(count))).toBeLessThan(largestScore);
    expect(score(squares, meanSquare(count))).toBeLessThan(largestScore);
    // A sample variance of nearly normal values has relative standard error √(2/R).
    const variance = 2 * dimension * count * unit * unit;
    expect(Math.abs(traces.variance / variance - 1)).toBeLessThan(largestScore * Math.sqrt(2 / draws));
    // One degree of freedom more or fewer is seen.
    for (const wrong of [count - 1, count + 1]) {
      expect(score(traces, meanTrace(wrong))).toBeGreaterThan(2 * largestScore);
      expect(score(squares, meanSquare(wrong))).toBeGreaterThan(2 * largestScore);
    }
  });

  test('eigenvalues one by one have the law of drawn matrices, and not that of two samples more', async () => {
    const [dimension, samples, count] = [16, 40, 24];
    const workspace = await workspaceOf(dimension, samples);
    const statistics = [0, dimension / 2, dimension - 1];
    const columns = (spectrumOf: (r: number) => Float64Array): { mean: number; variance: number }[] => {
      const spectra = Array.from({ length: draws }, (_, r) => spectrumOf(r));
      return statistics.map((k) => momentsOf(spectra.map((spectrum) => spectrum[k]!)));
    };
    const short = (open: number) =>
      columns((r) => spectrumGivenWeights(workspace, gates(samples, open, 1), randomStream(seed, `short ${open}`, r)));
    const matrices = columns((r) => {
      workspace.drawInputs(randomStream(seed, 'matrix', r));
      return workspace.eigenvalues(gates(samples, count, 1)).slice();
    });
    const scores = (some: { mean: number; variance: number }[]): number[] =>
      some.map(({ mean, variance }, k) => {
        const other = matrices[k]!;
        return Math.abs(mean - other.mean) / Math.sqrt((variance + other.variance) / draws);
      });
    expect(Math.max(...scores(short(count)))).toBeLessThan(largestScore);
    expect(Math.min(...scores(short(count + 2)))).toBeGreaterThan(2 * largestScore);
  });
});

test('weights that differ, or none at all, are drawn as a matrix', async () => {
  const workspace = await workspaceOf(6, 9);
  for (const weights of [Float64Array.from({ length: 9 }, (_, n) => n % 4), new Float64Array(9)]) {
    const drawn = spectrumGivenWeights(workspace, weights, randomStream(seed, 'matrix', 0));
    workspace.drawInputs(randomStream(seed, 'matrix', 0));
    expect(drawn).toEqual(workspace.eigenvalues(weights).slice());
  }
});
