/**
 * Means over small draws: right predictions are not rejected, wrong ones are. Seeds are fixed; over seeds a p-value below
 * 1e-4 somewhere has a chance of 6e-4 in all.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { TestDraft } from '../../../src/claims/claim.js';
import { calibrationPreset } from '../../../src/claims/presets.js';
import type { Perturbation } from '../../../src/draws/perturbation.js';
import type { MomentSubject } from '../../../src/draws/check/index.js';

const preset = {
  ...calibrationPreset,
  moments: { batches: 4, classes: 8, readouts: 300, inputs: 32, blocks: 500, samples: 8192 },
};
const driver = fileURLToPath(new URL('../../helpers/builtMoments.mjs', import.meta.url));

function testsOf(
  subject: MomentSubject,
  loss: 'ce' | 'mse',
  classes: number,
  perturbation: Partial<Perturbation> = {},
): readonly TestDraft[] {
  const requests = JSON.stringify([{ preset, subject, loss, classes, perturbation }]);
  const printed = execFileSync(process.execPath, [driver, requests], { encoding: 'utf8' });
  return (JSON.parse(printed) as TestDraft[][])[0]!;
}

describe('momentEvidence', () => {
  test.each([
    ['linear norms', 'ce', 16],
    ['linear weights', 'ce', 10],
    ['hidden norms', 'mse', 8],
    ['hidden norms', 'ce', 8],
    ['output norms', 'ce', 8],
  ] as const)('%s, %s, C = %i: nothing is rejected', (subject, loss, classes) => {
    const tests = testsOf(subject, loss, classes);
    expect(tests.length).toBeGreaterThan(0);
    for (const { pValue } of tests) expect(pValue).toBeGreaterThan(1e-4);
  });

  test('a logit variance 10 % too large, or a class too many, is rejected by norms and weights of linear blocks', () => {
    const variance = { logitVariance: 1.1 };
    const oneMore = { classes: 1 };
    expect(testsOf('linear norms', 'ce', 16, variance)[0]!.pValue).toBeLessThan(1e-8);
    for (const wrong of [variance, oneMore])
      expect(testsOf('linear weights', 'ce', 10, wrong)[0]!.pValue).toBeLessThan(1e-8);
  });

  test('a ratio for one class more (10 to 20 % smaller) is rejected', () => {
    const wrong = { classes: 1 };
    for (const [subject, loss] of [
      ['hidden norms', 'mse'],
      ['output norms', 'ce'],
    ] as const)
      expect(testsOf(subject, loss, 8, wrong)[0]!.pValue).toBeLessThan(1e-4);
  });
});
