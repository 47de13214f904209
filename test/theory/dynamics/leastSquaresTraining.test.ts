import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import {
  leastSquaresTraining,
  type LeastSquaresOptions,
  type LeastSquaresState,
} from '../../../theory/dynamics/index.js';
import { meanTest } from '../../../simulations/comparisons/index.js';
import type { Backend, Workspace } from '../../../simulations/contracts.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';

const numbersOf = ({ trainingLoss, freshLoss, gradientPower }: LeastSquaresState) => [
  trainingLoss,
  freshLoss,
  gradientPower,
];

interface FixtureCase {
  readonly setting: LeastSquaresOptions;
  readonly learningRate: number;
  readonly steps: number;
  readonly afterSteps: readonly number[];
  readonly afterTime: readonly number[];
}

describe('leastSquaresTraining: exact values', () => {
  // test/fixtures/mpmath/leastSquares.py: 40 digits. Up to 1e6 steps, γ = 1, ridge, and a rate above the largest.
  const fixture = new URL('../../fixtures/mpmath/leastSquares.json', import.meta.url);
  const cases = JSON.parse(readFileSync(fixture, 'utf8')) as FixtureCase[];

  test.each(cases)('γ = $setting.aspectRatio, ridge $setting.ridge, $steps steps, and the flow', (entry) => {
    const training = leastSquaresTraining(entry.setting);
    const steps = numbersOf(training.afterSteps(entry.steps, entry.learningRate));
    const flow = numbersOf(training.afterTime(entry.steps * entry.learningRate));
    steps.forEach((value, k) =>
      expect(Math.abs(value - entry.afterSteps[k]!)).toBeLessThanOrEqual(1e-12 * entry.afterSteps[k]!),
    );
    flow.forEach((value, k) =>
      expect(Math.abs(value - entry.afterTime[k]!)).toBeLessThanOrEqual(1e-12 * entry.afterTime[k]!),
    );
  });

  test.each([0.3, 1, 2.5])('γ = %d: 0 and 1 steps by the moments 1, 1 + γ, 1 + 3γ + γ² of the law', (ratio) => {
    const training = leastSquaresTraining({ aspectRatio: ratio, noise: 0.7, start: 1, target: 2, overlap: 0.25 });
    const distance = 1 + 2 - 2 * 0.25;
    const [second, third] = [1 + ratio, 1 + 3 * ratio + ratio ** 2];
    const start = training.afterSteps(0, 0.2);
    expect(2 * start.trainingLoss).toBeCloseTo(distance + 0.7, 12);
    expect(2 * start.freshLoss).toBeCloseTo(distance + 0.7, 12);
    expect(start.gradientPower).toBeCloseTo(distance * second + 0.7 * ratio, 12);
    expect(numbersOf(training.afterTime(0))).toEqual(numbersOf(start));
    const next = training.afterSteps(1, 0.2);
    // ∫λφ² and ∫φ² of φ = 1 − 0.2 λ; of the noise γ ∫_{λ>0} φ² = 1·(γ − (γ − 1)₊) − 0.4 γ + 0.04 γ(1 + γ).
    const left = Math.min(1, ratio) - 0.4 * ratio + 0.04 * ratio * second;
    expect(2 * next.trainingLoss).toBeCloseTo(
      distance * (1 - 0.4 * second + 0.04 * third) + 0.7 * (Math.max(0, 1 - ratio) + left),
      12,
    );
    expect(2 * next.freshLoss).toBeCloseTo(0.7 + distance * (1 - 0.4 + 0.04 * second) + 0.7 * ratio * 0.04, 12);
  });

  test('in the end: σ²(1 − γ) and σ²/(1 − γ) below 1, interpolation above, and no limit of the risk at 1', () => {
    const below = leastSquaresTraining({ aspectRatio: 0.5, noise: 1 });
    for (const end of [below.afterSteps(Infinity, 0.3), below.afterTime(Infinity), below.afterSteps(1e5, 0.3)]) {
      expect(2 * end.trainingLoss).toBeCloseTo(0.5, 13);
      // σ² + σ² γ/(1 − γ).
      expect(2 * end.freshLoss).toBeCloseTo(2, 12);
      expect(end.gradientPower).toBeLessThan(1e-100);
    }
    const above = leastSquaresTraining({ aspectRatio: 2, noise: 1 }).afterSteps(Infinity, 0.3);
    expect(above.trainingLoss).toBe(0);
    // σ² + D(1 − 1/γ) + σ²/(γ − 1), D = 2 (Hastie, Montanari, Rosset and Tibshirani 2022).
    expect(2 * above.freshLoss).toBeCloseTo(3, 12);
    const one = leastSquaresTraining({ aspectRatio: 1, noise: 1 });
    expect(one.afterSteps(Infinity, 0.3).freshLoss).toBe(Infinity);
    expect(one.afterTime(Infinity).freshLoss).toBe(Infinity);
    expect(leastSquaresTraining({ aspectRatio: 1, noise: 0 }).afterTime(Infinity).freshLoss).toBeCloseTo(0, 12);
  });

  test('ridge in the end: ρ² m′(−ρ) by the transform of Marčenko–Pastur', () => {
    const [ratio, ridge] = [0.5, 0.2];
    const end = leastSquaresTraining({ aspectRatio: ratio, noise: 1, target: 3, ridge }).afterSteps(Infinity, 0.3);
    // γ z m² + (z − 1 + γ) m + 1 = 0 at z = −ρ; its derivative m′ by implicit differentiation.
    const linear = 1 - ratio + ridge;
    const m = (-linear + Math.sqrt(linear ** 2 + 4 * ratio * ridge)) / (2 * ratio * ridge);
    const slope = (ratio * m * m + m) / (2 * ratio * ridge * m + linear);
    // ∫λ/(λ + ρ)² = m − ρ m′.
    expect(2 * end.freshLoss).toBeCloseTo(1 + 3 * ridge ** 2 * slope + ratio * (m - ridge * slope), 12);
  });

  test('the largest rate: above it the law grows without bound', () => {
    const training = leastSquaresTraining({ aspectRatio: 0.5, noise: 1, ridge: 0.1 });
    expect(training.largestRate).toBeCloseTo(2 / ((1 + Math.SQRT1_2) ** 2 + 0.1), 15);
    const [slow, fast] = [0.99, 1.01].map((factor) => training.afterSteps(4000, factor * training.largestRate));
    expect(slow!.freshLoss).toBeLessThan(2);
    expect(fast!.freshLoss).toBeGreaterThan(1e10);
    expect(training.afterSteps(1e6, 1).trainingLoss).toBe(Infinity);
    expect(() => training.afterSteps(Infinity, 1)).toThrow('have no limit');
  });

  test.each([
    [() => leastSquaresTraining({ aspectRatio: 0, noise: 1 }), 'aspectRatio'],
    [() => leastSquaresTraining({ aspectRatio: 1, noise: -1 }), 'noise must be a finite number of at least 0, got -1'],
    [() => leastSquaresTraining({ aspectRatio: 1, noise: 1, overlap: 2 }), 'overlap'],
    [() => leastSquaresTraining({ aspectRatio: 1, noise: 1 }).afterSteps(1.5, 0.1), 'steps'],
    [() => leastSquaresTraining({ aspectRatio: 1, noise: 1 }).afterSteps(1, 0), 'learningRate'],
    [() => leastSquaresTraining({ aspectRatio: 1, noise: 1 }).afterTime(-1), 'time'],
  ])('refuses what is out of range (%#)', (call, message) => {
    expect(call).toThrow(UsageError);
    expect(call).toThrow(message);
  });
});

describe('leastSquaresTraining: gradient descent on drawn data, d = 400, N = 800 (seed "least squares")', () => {
  const dimension = 400;
  const samples = 800;
  const outputs = 6;
  const draws = 12;
  const learningRate = 0.3;
  let backend: Backend;
  /** Mean over the outputs of [L_train, L_fresh, ‖S‖²] at 5 and 20 steps, and with ridge 0.2 at 10. */
  let drawn: { five: number[][]; twenty: number[][]; ridge: number[][] };

  beforeAll(async () => {
    backend = await createBackend('wasm');
    const workspace = backend.createWorkspace(dimension, samples);
    drawn = { five: [], twenty: [], ridge: [] };
    for (let r = 0; r < draws; r++) {
      const data = drawData(workspace, r);
      drawn.five.push(descend(data, 5, 0));
      drawn.twenty.push(descend(data, 20, 0));
      drawn.ridge.push(descend(data, 10, 0.2));
    }
  });

  const unitVector = (stream: ReturnType<typeof randomStream>): Float64Array => {
    const vector = new Float64Array(dimension);
    stream.fillNormals(vector);
    const norm = Math.hypot(...vector);
    return vector.map((value) => value / norm);
  };
  const product = (a: Float64Array, b: Float64Array): number => {
    let sum = 0;
    for (let k = 0; k < dimension; k++) sum += a[k]! * b[k]!;
    return sum;
  };

  /** XᵀX/N, and for each output v_0, v*, Xᵀy/N and ‖y‖²/N, with noise of variance 1. */
  function drawData(workspace: Workspace, replicate: number) {
    const stream = randomStream('least squares', 'data', replicate);
    workspace.drawInputs(stream);
    const gram = workspace.weightedGram(new Float64Array(samples).fill(1));
    const heads = Array.from({ length: outputs }, () => {
      const [start, target] = [unitVector(stream), unitVector(stream)];
      const correlation = new Float64Array(dimension);
      let power = 0;
      for (let n = 0; n < samples; n++) {
        const x = workspace.inputs.subarray(n * dimension, (n + 1) * dimension);
        const y = product(x, target) + stream.normal();
        power += (y * y) / samples;
        for (let k = 0; k < dimension; k++) correlation[k]! += (x[k]! * y) / samples;
      }
      return { start, target, correlation, power };
    });
    return { gram, heads };
  }

  function descend({ gram, heads }: ReturnType<typeof drawData>, steps: number, ridge: number): number[] {
    const sums = [0, 0, 0];
    const rows = Array.from({ length: dimension }, (_, k) => gram.subarray(k * dimension, (k + 1) * dimension));
    for (const { start, target, correlation, power } of heads) {
      let v = start;
      const gradient = (): Float64Array => correlation.map((value, k) => product(rows[k]!, v) - value);
      for (let step = 0; step < steps; step++) {
        const g = gradient();
        v = v.map((value, k) => value - learningRate * (g[k]! + ridge * value));
      }
      const g = gradient();
      // ‖Xv − y‖²/N = v·(g − Xᵀy/N) + ‖y‖²/N.
      sums[0]! += (product(v, g) - product(v, correlation) + power) / 2 / outputs;
      const miss = v.map((value, k) => value - target[k]!);
      sums[1]! += (1 + product(miss, miss)) / 2 / outputs;
      sums[2]! += product(g, g) / outputs;
    }
    return sums;
  }

  const pValues = (values: number[][], predicted: LeastSquaresState) =>
    numbersOf(predicted).map(
      (expected, k) =>
        meanTest(
          values.map((draw) => draw[k]!),
          expected,
        ).pValue,
    );

  test.each([
    ['five', 5, 0],
    ['twenty', 20, 0],
    ['ridge', 10, 0.2],
  ] as const)('%s: the law is accepted, and rejected with γ 10 %% off', (name, steps, ridge) => {
    const at = (aspectRatio: number) =>
      leastSquaresTraining({ aspectRatio, noise: 1, ridge }).afterSteps(steps, learningRate);
    // Three t-tests, each alarming by chance with probability 1e-4.
    for (const p of pValues(drawn[name], at(0.5))) expect(p).toBeGreaterThan(1e-4);
    for (const factor of [0.9, 1.1]) expect(Math.min(...pValues(drawn[name], at(0.5 * factor)))).toBeLessThan(1e-4);
  });
});
