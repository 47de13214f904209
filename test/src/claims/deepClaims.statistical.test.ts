// Claims about deep networks at small sizes. A test of a true claim falls below 1e-4 by chance once in 10⁴.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createBackend } from '../../../simulations/linalg/index.js';
import { claims, type ClaimDraft, type ClaimId, type Finished } from '../../../src/claims/index.js';
import { calibrationPreset } from '../../../src/claims/presets.js';
import { performTask } from '../../../src/draws/check/index.js';
import { createEnvironment, type TaskEnvironment } from '../../../src/draws/environment.js';
import { unperturbed, type Perturbation } from '../../../src/draws/perturbation.js';

const seed = 'deep claims 1';
let environment: TaskEnvironment;
beforeAll(async () => {
  environment = createEnvironment(await createBackend('wasm'));
});

async function judged(id: ClaimId, change: Partial<Perturbation> = {}): Promise<ClaimDraft> {
  const context = { preset: calibrationPreset, seed, perturbation: { ...unperturbed, ...change } };
  const finished: Finished[] = [];
  for (const task of claims[id].plan(context)) finished.push({ task, result: await performTask(task, environment) });
  return claims[id].judge({ ...context, finished });
}

const pValues = ({ tests }: ClaimDraft, where: RegExp): number[] =>
  tests.filter(({ name }) => where.test(name)).map(({ pValue }) => pValue!);
const leastP = (draft: ClaimDraft, where = /./): number => Math.min(...pValues(draft, where));
const powersOf = (draft: ClaimDraft) =>
  draft.powers(0.001).map(({ alternative, power }) => [alternative, power] as const);

describe(`deep-ratio (seed '${seed}')`, () => {
  test('holds, and laws without a width, or with other weights, would have been seen', async () => {
    const draft = await judged('deep-ratio');
    expect(draft.tests.map(({ where }) => where)).toEqual([
      'squared error, first layer',
      'squared error, second layer',
      'squared error, last layer',
      'cross-entropy, first layer',
      'cross-entropy, second layer',
      'cross-entropy, last layer',
    ]);
    expect(leastP(draft)).toBeGreaterThan(1e-4);
    const powers = powersOf(draft);
    expect(powers.map(([alternative]) => alternative)).toEqual([
      'squared error: C alone, all widths left out',
      'squared error: width of the second layer left out',
      'squared error: width of the last layer left out',
      'cross-entropy: C alone, all widths left out',
      'cross-entropy: width of the second layer left out',
      'cross-entropy: width of the last layer left out',
      'cross-entropy: weights of variance 1/fan-in in the place of 2/fan-in',
      'cross-entropy: terms of order 1/width left out',
    ]);
    for (const [alternative, power] of powers)
      if (!alternative.includes('order 1/width')) expect([alternative, power > 0.95]).toEqual([alternative, true]);
    const { points, layer } = draft.deepRatios![0]!;
    expect([layer, points.length, points[0]!.floor > 0]).toEqual([1, 1, true]);
  });

  test('is rejected with twice the variance of the logits, which squared error does not know, and twice the classes', async () => {
    const logits = await judged('deep-ratio', { logitVariance: 2 });
    expect(leastP(logits, /cross-entropy/)).toBeLessThan(1e-6);
    expect(leastP(logits, /squared error/)).toBeGreaterThan(1e-4);
    expect(leastP(await judged('deep-ratio', { classes: 30 }), /first layer/)).toBeLessThan(1e-6);
  });
});
