/** Curves of laws beside a training: which set-ups have one, and their values where a closed form is known. */
import { describe, expect, test } from '@jest/globals';
import { curvesOfTraining } from '../../../../src/pipeline/train/curvesOfTraining.js';
import { trainRequest } from '../../../../src/pipeline/train/trainRequest.js';

const start = [{ replicate: 0, marks: [{ step: 0 }] }] as unknown as Parameters<typeof curvesOfTraining>[1];
const curvesOf = (options: Record<string, string>, runs = start) => curvesOfTraining(trainRequest({ options }), runs);
const linear = {
  ...{ model: 'linear', loss: 'mse', optimiser: 'gd', schedule: 'constant', 'learning-rate': '0.3' },
  ...{ dimension: '20', samples: '40', classes: '3', steps: '20', initialisation: 'lecun' },
};
const hidden = { dimension: '50', samples: '500', classes: '50', steps: '1' };

describe('least squares', () => {
  test('begins at the loss of the start: (E‖y‖² + E‖Vx‖²)/2 = (1 + C s²)/2, s² = 1 (LeCun) and 1/3 (PyTorch)', () => {
    const { steps, trainingLoss, freshLoss } = curvesOf(linear).leastSquares!;
    expect(steps[0]).toBe(0);
    expect(trainingLoss[0]).toBeCloseTo((1 + 3) / 2, 10);
    expect(freshLoss[0]).toBeCloseTo((1 + 3) / 2, 10);
    expect(curvesOf({ ...linear, initialisation: 'pytorch' }).leastSquares!.trainingLoss[0]).toBeCloseTo(1, 10);
  });

  test('and ends, for γ = 1/2, at σ²(1 − γ)/2 = 1/4 on the training data (section L6: what N − d samples keep)', () => {
    const { trainingLoss, gradientPower } = curvesOf({ ...linear, steps: '5000' }).leastSquares!;
    expect(trainingLoss.at(-1)).toBeCloseTo(0.25, 6);
    expect(gradientPower.at(-1)).toBeLessThan(1e-9);
  });

  test.each([
    { labels: 'teacher' },
    { optimiser: 'adam' },
    { optimiser: 'sgd', batch: '5' },
    { schedule: 'cosine' },
    { loss: 'ce' },
    { inputs: '{distribution: toeplitz, correlation: 0.5}' },
    { 'learning-rate': '5' },
  ] as Record<string, string>[])('is not said of %j', (words) => {
    const options = { ...linear, ...words, ...(words['learning-rate'] === '5' ? { steps: '5000' } : {}) };
    expect(curvesOf(options).leastSquares).toBeNull();
  });
});

describe('the residual part at step 0', () => {
  const trapezoid = (x: readonly number[], y: readonly number[]): number =>
    x.slice(1).reduce((sum, value, k) => sum + ((value - x[k]!) * (y[k]! + y[k + 1]!)) / 2, 0);

  test('densities and atoms hold the whole mass, and E λ² = 2 · ½ · d/(d + C)', () => {
    const { x, density, limitDensity, atom, limitAtom } = curvesOf(hidden).residualPart!;
    for (const [own, mass] of [
      [density, atom],
      [limitDensity, limitAtom],
    ] as const) {
      // The curve is drawn over the gap beside an atom, which is about as wide as the atom is heavy.
      expect(Math.abs(trapezoid(x, own) + mass - 1)).toBeLessThan(1e-3 + mass);
      const squares = x.map((value, k) => value * value * own[k]!);
      expect(Math.abs(trapezoid(x, squares) - 0.5)).toBeLessThan(6e-3);
    }
    // e^{-κ} of the columns, κ = N/(2C) = 5, when d = C.
    expect(atom).toBeCloseTo(Math.exp(-5), 5);
    expect(limitAtom).toBe(0);
    // The limit is the semicircle of radius √2 here: density √(2 − x²)/π.
    const k = x.findIndex((value) => value > 0.5);
    expect(limitDensity[k]).toBeCloseTo(Math.sqrt(2 - x[k]! ** 2) / Math.PI, 3);
    expect(Math.abs(density[k]! / limitDensity[k]! - 1)).toBeGreaterThan(0.02);
  });

  test.each([
    [{ ...hidden, labels: 'teacher' }, start],
    [{ ...hidden, inputs: '{distribution: toeplitz, correlation: 0.5}' }, start],
    [linear, start],
    [hidden, []],
  ] as const)('is not said of %j', (options, runs) => {
    expect(curvesOf(options, [...runs]).residualPart).toBeNull();
  });
});
