import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import { leastSquaresTraining, residualPartLaw } from '../../../theory/dynamics/index.js';
import { lawCommand } from '../../../src/pipeline/law/lawCommand.js';

describe('lawCommand with --dynamics', () => {
  test('residual: R of 10 samples a class, d = C, by d/N = 0.1', async () => {
    const report = await lawCommand({
      dynamics: 'residual',
      samplesPerClass: '10',
      aspectRatio: '0.1',
      at: '1',
      moments: '2',
    });
    const { residual } = residualPartLaw({ samplesPerClass: 10, dimensionsPerClass: 1 });
    expect(report.points[0]!.cdf).toBe(residual.cdf(1));
    // Atom e^{−5}, second moment q = ½ (2d of d + C eigenvalues ±√λ, mean of λ one half).
    expect(report.atoms).toHaveLength(1);
    expect(report.atoms[0]!.mass).toBeCloseTo(Math.exp(-5), 11);
    expect(report.moments[1]).toBeCloseTo(0.5, 10);
    expect(report.scale).toContain('√N');
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  test('residual: the variance of a pre-activation is that of the initialisation, for a smooth activation', async () => {
    const words = { dynamics: 'residual', samplesPerClass: '3', aspectRatio: '0.5', activation: 'tanh', moments: '2' };
    const [lecun, pytorch] = await Promise.all([
      lawCommand(words),
      lawCommand({ ...words, initialisation: 'pytorch' }),
    ]);
    // 2d/(d + C) of E σ′², σ′ = 1 − tanh²: nearer to 1 at variance 1/3.
    expect(pytorch.moments[1]!).toBeGreaterThan(lecun.moments[1]! * 1.2);
  });

  test('training: rows in the order asked for, inf as a word, and the law of the constant Hessian', async () => {
    const report = await lawCommand({
      dynamics: 'training',
      aspectRatio: '0.5',
      learningRate: '0.3',
      steps: 'inf, 20,0',
      noise: '1',
      target: '2',
      ridge: '0.1',
    });
    const training = leastSquaresTraining({ aspectRatio: 0.5, noise: 1, target: 2, ridge: 0.1 });
    expect(report.curve!.map(({ steps }) => steps)).toEqual(['inf', 20, 0]);
    expect(report.curve![1]).toEqual({ steps: 20, ...training.afterSteps(20, 0.3) });
    // ‖v_0‖² + ‖v*‖² + σ² = 4, halved.
    expect(report.curve![2]!.trainingLoss).toBeCloseTo(2, 12);
    expect(report.support[0]![1]).toBeCloseTo((1 + Math.SQRT1_2) ** 2, 13);
    const diverging = await lawCommand({
      dynamics: 'training',
      aspectRatio: '1',
      learningRate: '2',
      steps: '1000000',
      noise: '1',
    });
    expect(diverging.curve![0]!.freshLoss).toBe('inf');
    expect(diverging.note).toContain('Diverges');
  });

  test('one-step: weights of training data in units of themselves, both losses in the note', async () => {
    const words = { dynamics: 'one-step', classes: '3', aspectRatio: '0.2', learningRate: '2', moments: '1' };
    const on = await lawCommand({ ...words, block: 'diagonal' });
    const off = await lawCommand({ ...words, block: 'off-diagonal', logitVariance: '1' });
    // Rows of the blocks sum to 0: E p_0(1 − p_0) = 2 E p_0 p_1 for three exchangeable classes; both cubatures state 1e-3.
    expect(on.moments[0]! + 2 * off.moments[0]!).toBeCloseTo(0, 2);
    expect(on.note).toMatch(/loss 0\.99\d+ there and 1\.27\d+ on fresh data/);
    expect(off.support[0]![1]).toBeLessThan(0);
  });

  test.each([
    [{ dynamics: 'momentum' }, /--dynamics must be one of residual, one-step, training, deep-linear, got 'momentum'/],
    [{ steps: undefined }, /--steps must be given, e\.g\. --steps 0,10,inf/],
    [{ steps: '1,2.5' }, /--steps, entry 2 must be a whole number/],
    [{ steps: 'inf', learningRate: '1' }, /--learning-rate must be below 0\.686292, .*got '1'/],
    [{ noise: '-1' }, /--noise must be a finite number of at least 0, got '-1'/],
    [{ classes: '3' }, /--classes says nothing to --dynamics training, which takes --learning-rate, --steps/],
    [{ samplesPerClass: '3' }, /--samples-per-class says nothing to --dynamics training/],
    [{ model: 'linear' }, /in exactly one way, .*got several/],
    [{ dynamics: undefined, weights: '1:1' }, /--learning-rate is for --dynamics one-step or --dynamics training/],
    [{ dynamics: 'one-step', steps: undefined, noise: undefined, classes: '65' }, /--classes must be .*from 2 to 64/],
    [
      { dynamics: 'one-step', steps: undefined, noise: undefined, classes: '3', block: 'diagonal', logitVariance: '5' },
      /--logit-variance must be at most 4/,
    ],
    [
      { dynamics: 'residual', steps: undefined, noise: undefined, learningRate: undefined, samplesPerClass: '1e7' },
      /samplesPerClass must lie above 0 and at most at 1000000/,
    ],
  ])('refuses %j', async (change, message) => {
    const words = { dynamics: 'training', aspectRatio: '0.5', learningRate: '0.3', steps: '5', noise: '1' };
    const run = lawCommand({ ...words, ...change });
    await expect(run).rejects.toThrow(UsageError);
    await expect(run).rejects.toThrow(message);
  });
});
