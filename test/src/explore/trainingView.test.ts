/** What the explorer shows of a mark of a training. */
import { describe, expect, test } from '@jest/globals';
import { trainingOf, viewOfTraining } from '../../../src/explore/browser/trainingView.js';
import { trainedRuns } from '../../helpers/trainedRuns.js';

const { hidden, linear } = trainedRuns();
const first = { index: 0, data: 'train', readoutOrder: 'class' } as const;

describe('the explorer’s view of a mark', () => {
  test('has the step, the numbers, the map and the spectrum of that mark and no other', () => {
    const view = viewOfTraining(hidden, { ...first, index: 2, readoutOrder: 'unit' });
    expect(view.steps).toEqual([0, 10, 20]);
    expect(view.name).toBe('step 20 of 20, 100 %');
    const mark = hidden.runs[0]!.marks.find(({ step, data }) => step === 20 && data === 'train')!;
    expect(new Map(view.values.map(([name, value]) => [name, value])).get('‖R‖²')).toBe(mark.cross!.residual);
    expect([view.map!.step, view.map!.readoutOrder]).toEqual([20, 'unit']);
    // ‖R‖² is half the sum of squares of R's eigenvalues.
    const squares = view.eigenvalues.reduce((sum, value) => sum + value * value, 0);
    expect(squares / 2 / hidden.settings.samples / mark.cross!.residual).toBeCloseTo(1, 4);
    expect(viewOfTraining(hidden, first).values).not.toEqual(view.values);
  });

  test('takes fresh data at their own number', () => {
    const fewer = { ...hidden, freshSamples: 15 };
    const [own, other] = [hidden, fewer].map((run) => viewOfTraining(run, { ...first, data: 'fresh' }).eigenvalues);
    expect(other!.at(-1)! / own!.at(-1)!).toBeCloseTo(0.5, 10);
  });

  test('leaves out what a model without hidden units has not', () => {
    const view = viewOfTraining(linear, first);
    expect(view.map).toBeUndefined();
    expect(view.eigenvalues).toHaveLength(0);
    expect(view.values.map(([name]) => name)).toEqual([
      ...['loss', 'accuracy', 'mean ‖r‖²', 'off/diagonal, output layer'],
      ...['lowest eigenvalue of H', 'negative eigenvalues'],
    ]);
  });

  test('refuses JSON that is no training', () => {
    expect(trainingOf(hidden)).toBe(hidden);
    for (const other of [
      null,
      3,
      [],
      {},
      { kind: 'check' },
      { ...hidden, runs: [{ marks: [null] }] },
      { ...hidden, runs: [] },
    ])
      expect(trainingOf(other)).toBeUndefined();
  });
});
