/**
 * Means over small draws: right predictions are not rejected, wrong ones are. Seeds are fixed; over seeds a p-value below
 * 1e-4 somewhere has a chance of 6e-4 in all.
 */
import { describe, expect, test } from '@jest/globals';
import { createBackend } from '../../../simulations/linalg/index.js';
import type { TestDraft } from '../../../src/claims/claim.js';
import { momentEvidence } from '../../../src/claims/evidence/momentEvidence.js';
import type { Finished } from '../../../src/claims/index.js';
import { calibrationPreset } from '../../../src/claims/presets.js';
import { finishedOf, momentTasks } from '../../../src/claims/taskLists.js';
import { performTask, type MomentSubject } from '../../../src/draws/check/index.js';
import { createEnvironment } from '../../../src/draws/environment.js';
import { unperturbed, type Perturbation } from '../../../src/draws/perturbation.js';

const preset = {
  ...calibrationPreset,
  moments: { batches: 4, classes: 8, readouts: 300, inputs: 32, blocks: 500, samples: 8192 },
};
const environment = createEnvironment(await createBackend('auto'));

async function testsOf(
  subject: MomentSubject,
  loss: 'ce' | 'mse',
  classes: number,
  perturbation: Partial<Perturbation> = {},
): Promise<readonly TestDraft[]> {
  const model = subject.startsWith('linear') ? 'linear' : 'hidden';
  const context = { preset, seed: 'moments', perturbation: { ...unperturbed, ...perturbation } };
  const finished: Finished[] = [];
  for (const task of momentTasks(context, subject, { model, loss, initialisation: 'lecun', classes }))
    finished.push({ task, result: await performTask(task, environment) });
  return momentEvidence(finishedOf(finished, 'moments'), subject === 'hidden norms' ? 'hidden' : 'output').tests;
}

describe('momentEvidence', () => {
  test.each([
    ['linear norms', 'ce', 16],
    ['linear weights', 'ce', 10],
    ['hidden norms', 'mse', 8],
    ['hidden norms', 'ce', 8],
    ['output norms', 'ce', 8],
  ] as const)('%s, %s, C = %i: nothing is rejected', async (subject, loss, classes) => {
    const tests = await testsOf(subject, loss, classes);
    expect(tests.length).toBeGreaterThan(0);
    for (const { pValue } of tests) expect(pValue).toBeGreaterThan(1e-4);
  });

  test('a logit variance 10 % too large, or a class too many, is rejected by norms and weights of linear blocks', async () => {
    const variance = { logitVariance: 1.1 };
    const oneMore = { classes: 1 };
    expect((await testsOf('linear norms', 'ce', 16, variance))[0]!.pValue).toBeLessThan(1e-8);
    for (const wrong of [variance, oneMore])
      expect((await testsOf('linear weights', 'ce', 10, wrong))[0]!.pValue).toBeLessThan(1e-8);
  });

  test('a ratio for one class more (10 to 20 % smaller) is rejected', async () => {
    const wrong = { classes: 1 };
    for (const [subject, loss] of [
      ['hidden norms', 'mse'],
      ['output norms', 'ce'],
    ] as const)
      expect((await testsOf(subject, loss, 8, wrong))[0]!.pValue).toBeLessThan(1e-4);
  });
});
