import { describe, expect, test } from '@jest/globals';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { observeMark, type MarkObservation } from '../../../simulations/dynamics/index.js';
import { wasmBackend } from '../../../simulations/linalg/index.js';
import { drawReplicate } from '../../../simulations/models/index.js';
import type { TrainingPlan } from '../../../simulations/training/index.js';
import { visitMarks } from '../../helpers/visitMarks.js';

// Given the residuals, the inputs off the directions are independent normals: scores have mean 0 and variance 1. Hidden
// ReLU network, d = 100, C = 10, N = 1000, m = 8, cross-entropy, random labels.

const backend = wasmBackend();
const settings: DrawSettings = {
  ...{ model: 'hidden', loss: 'ce', activation: 'relu', initialisation: 'lecun' },
  ...{ dimension: 100, samples: 1000, classes: 10, width: 8 },
};
const { dimension, width } = settings;
const options = { step: 0, data: 'train', backend, largestSpectrumOrder: 0 } as const;

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
function studentT(values: readonly number[]): number {
  const mean = meanOf(values);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return mean / Math.sqrt(variance / values.length);
}

describe('at initialisation, 24 draws', () => {
  const workspace = backend.createWorkspace(settings.dimension, settings.samples);
  const marks = Array.from({ length: 24 }, (_, r) =>
    observeMark(drawReplicate(settings, workspace, 'scores', r), options),
  );

  /** t of the mean score over the units; `claim` may make the claimed mean and the free dimension wrong. */
  const t = (claim: (ratio: number) => { readonly ratio: number; readonly free: number }) =>
    studentT(
      marks.map(({ units }) =>
        meanOf(
          units.map(({ residualRatio, residualSpectrum }) => {
            const { ratio, free } = claim(residualRatio!);
            const sum = residualSpectrum.reduce((total, value) => total + value, 0);
            const square = residualSpectrum.reduce((total, value) => total + value ** 2, 0);
            return (ratio - 1) / (Math.sqrt((2 * square) / free) / sum);
          }),
        ),
      ),
    );
  const free = dimension - width;

  // |t| < 4 fails by chance once in 1800 seeds (Student, 23 degrees of freedom). The same wrong laws gave t = −14 and −7
  // in another program, the right one 0.9.
  test('the residual score accepts its law and rejects wrong ones', () => {
    expect(Math.abs(t((ratio) => ({ ratio, free })))).toBeLessThan(4);
    expect(t((ratio) => ({ ratio: (ratio * free) / dimension, free: dimension }))).toBeLessThan(-8);
    expect(t((ratio) => ({ ratio: ratio / 1.05, free }))).toBeLessThan(-5);
  });

  test('the score stored is that of the ratio', () => {
    const [unit] = marks[0]!.units;
    const sum = unit!.residualSpectrum.reduce((total, value) => total + value, 0);
    const square = unit!.residualSpectrum.reduce((total, value) => total + value ** 2, 0);
    expect(unit!.residualScore! / ((unit!.residualRatio! - 1) / (Math.sqrt((2 * square) / free) / sum))).toBeCloseTo(
      1,
      12,
    );
  });

  // Exact mean and variance: |mean|·√24 < 4 fails by chance once in 16 000 seeds for each block.
  test('trace scores have mean 0 off the directions, not over all inputs', () => {
    for (const block of [0, 1]) {
      const scores = marks.map(({ blocks }) => blocks[block]!.traceScore!);
      expect(Math.abs(meanOf(scores))).toBeLessThan(4 / Math.sqrt(24));
      // d for d − m moves Σ a_n(‖y_n‖² − d′) by m Σ a_n.
      const moved = marks.map(({ blocks }) => {
        const { traceScore, mean, power } = blocks[block]!;
        return traceScore! - (width * mean * Math.sqrt(settings.samples)) / Math.sqrt(2 * free * power);
      });
      expect(Math.abs(meanOf(moved))).toBeGreaterThan(8 / Math.sqrt(24));
    }
  });
});

// After 400 steps of Adam the residuals of the training data are anticorrelated with their inputs: mean score −4.5 in
// another program. 4 draws: |mean|·√4 < 4 fails by chance once in 16 000 seeds.
test('along training the score accepts fresh data and rejects those trained on', async () => {
  const plan: TrainingPlan = {
    settings,
    ...{ labels: 'random', optimiser: 'adam', learningRate: 0.005, schedule: 'cosine' },
    ...{ steps: 400, batch: settings.samples, marks: [400] },
  };
  const scores: Record<MarkObservation['data'], number[]> = { train: [], fresh: [] };
  for (let r = 0; r < 4; r++)
    await visitMarks(plan, `along training ${r}`, backend, ({ draw, data, directions }) => {
      scores[data].push(observeMark(draw, { ...options, data, directions }).units[0]!.residualScore!);
    });
  expect(Math.abs(meanOf(scores.fresh))).toBeLessThan(4 / Math.sqrt(4));
  expect(meanOf(scores.train)).toBeLessThan(-3);
});

// Labels of a teacher see the inputs through its rows: off the network's own rows alone its signal is left in the score.
// |score| < 4 fails by chance once in 8000 seeds for both sets of data.
test('with labels of a teacher the directions must hold its rows', async () => {
  const plan: TrainingPlan = {
    settings,
    ...{ labels: 'teacher', optimiser: 'gd', learningRate: 1, schedule: 'constant' },
    ...{ steps: 0, batch: settings.samples, marks: [0] },
  };
  await visitMarks(plan, 'teacher', backend, ({ draw, data, directions }) => {
    const score = (beside: object) => observeMark(draw, { ...options, data, ...beside }).units[0]!.residualScore!;
    expect(directions).toHaveLength(width * dimension);
    expect(Math.abs(score({ directions }))).toBeLessThan(4);
    expect(score({})).toBeGreaterThan(8);
  });
});
