import { beforeAll, describe, expect, test } from '@jest/globals';
import { createBackend } from '../../../simulations/linalg/index.js';
import { head } from '../../../src/claims/head.js';
import type { ClaimDraft, Finished } from '../../../src/claims/index.js';
import { calibrationPreset } from '../../../src/claims/presets.js';
import { performTask } from '../../../src/draws/check/index.js';
import { createEnvironment, type TaskEnvironment } from '../../../src/draws/environment.js';
import { unperturbed, type Perturbation } from '../../../src/draws/perturbation.js';

const seed = 'head claim 1';
let environment: TaskEnvironment;
beforeAll(async () => {
  environment = createEnvironment(await createBackend('wasm'));
});

async function judged(change: Partial<Perturbation> = {}): Promise<ClaimDraft> {
  const context = { preset: calibrationPreset, seed, perturbation: { ...unperturbed, ...change } };
  const finished: Finished[] = [];
  for (const task of head.plan(context)) finished.push({ task, result: await performTask(task, environment) });
  return head.judge({ ...context, finished });
}

const leastP = ({ tests }: ClaimDraft) => Math.min(...tests.flatMap(({ pValue }) => pValue ?? []));

describe(`the claim about heads (seed '${seed}')`, () => {
  test('holds, and every wrong formula beside it would have been seen', async () => {
    const draft = await judged();
    expect(draft.exactFailures).toEqual([]);
    expect(draft.tests).toHaveLength(4 + 3 + 1);
    // Seven tests: 7e-4 by chance.
    expect(leastP(draft)).toBeGreaterThan(1e-4);
    const powers = draft.powers(0.05);
    const labels = powers.map(({ alternative }) => alternative.replace(/^.*(C = \d+|few classes): /, ''));
    expect(new Set(labels)).toEqual(
      new Set([
        'logit variance 10 % too large',
        'limit C → ∞ in the place of the formula at this C',
        'e^{τ h·h′} in the place of e^{2τ h·h′}',
        'pairs of a sample with itself left out',
        'ratio of squared norms 10 % too large',
      ]),
    );
    for (const { alternative, power } of powers)
      if (!alternative.includes('ratio of squared norms'))
        expect([alternative, power > 0.95]).toEqual([alternative, true]);
    expect(draft.predicted).toBeGreaterThan(draft.interval!.lower - 0.1);
    expect(draft.measurements).toHaveLength(4);
  });

  test('is rejected with a variance 10 % too large, and with one class more', async () => {
    expect(leastP(await judged({ logitVariance: 1.1 }))).toBeLessThan(1e-6);
    const oneMore = await judged({ classes: 1 });
    expect(leastP(oneMore)).toBeLessThan(1e-6);
    // Zipf's law at one class more: equal predictions leave nothing to chance.
    expect(oneMore.exactFailures.join()).toMatch(/under Zipf's law of exponent 1/);
  });
});
