// Claims about deep networks at small sizes. A test of a true claim falls below 1e-4 by chance once in 10⁴.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createBackend } from '../../../simulations/linalg/index.js';
import { claims, type ClaimDraft, type ClaimId, type Finished } from '../../../src/claims/index.js';
import { calibrationPreset } from '../../../src/claims/presets.js';
import { performTask, type WrongDeepLaw } from '../../../src/draws/check/index.js';
import { createEnvironment, type TaskEnvironment } from '../../../src/draws/environment.js';
import { unperturbed, type Perturbation } from '../../../src/draws/perturbation.js';

const seed = 'deep claims 1';
let environment: TaskEnvironment;
beforeAll(async () => {
  environment = createEnvironment(await createBackend('wasm'));
});

const contextOf = (change: Partial<Perturbation>) => ({
  preset: calibrationPreset,
  seed,
  perturbation: { ...unperturbed, ...change },
});

async function drawn(id: ClaimId, change: Partial<Perturbation> = {}): Promise<Finished[]> {
  const finished: Finished[] = [];
  for (const task of claims[id].plan(contextOf(change)))
    finished.push({ task, result: await performTask(task, environment) });
  return finished;
}

async function judged(id: ClaimId, change: Partial<Perturbation> = {}): Promise<ClaimDraft> {
  return claims[id].judge({ ...contextOf(change), finished: await drawn(id, change) });
}

/** The same draws beside a law that is wrong, told as the claim's own. */
function judgedBy(id: ClaimId, finished: readonly Finished[], law: WrongDeepLaw): ClaimDraft {
  const wrong = finished.map(({ task, result }): Finished => {
    if (result.kind !== 'deep') return { task, result };
    const layers = result.layers.map((layer) => {
      const ratio = layer.wrong.find((each) => each.law === law)?.ratio ?? layer.stated.ratio;
      return { ...layer, stated: { ...layer.stated, ratio } };
    });
    return { task, result: { ...result, layers } };
  });
  return claims[id].judge({ ...contextOf({}), finished: wrong });
}

const pValues = ({ tests }: ClaimDraft, where: RegExp): number[] =>
  tests.filter(({ name }) => where.test(name)).map(({ pValue }) => pValue!);
const leastP = (draft: ClaimDraft, where = /./): number => Math.min(...pValues(draft, where));
const powersOf = (draft: ClaimDraft, level = 0.001) =>
  draft.powers(level).map(({ alternative, power }) => [alternative, power] as const);

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

describe(`deep-saturation (seed '${seed}')`, () => {
  test('holds; C alone, or a width left out, would have been seen', async () => {
    const finished = await drawn('deep-saturation');
    const draft = claims['deep-saturation'].judge({ ...contextOf({}), finished });
    // Slopes in every position, floors below the last layer.
    expect(draft.tests).toHaveLength(2 * (3 + 2));
    expect(leastP(draft)).toBeGreaterThan(1e-4);
    const powers = powersOf(draft);
    expect(powers).toHaveLength(2 * 3);
    for (const [alternative, power] of powers) expect([alternative, power > 0.95]).toEqual([alternative, true]);
    for (const law of ['C alone', 'first width', 'last width'] as const)
      expect(leastP(judgedBy('deep-saturation', finished, law))).toBeLessThan(1e-6);
    // After the crossover the first layer has stopped, the last has not.
    const slope = (layer: string) =>
      draft.measurements!.find(({ quantity }) => quantity.includes(`squared error, ${layer} layer, C = 300 to`))!;
    expect(slope('first').interval!.lower).toBeGreaterThan(-0.5);
    expect(slope('last').interval!.upper).toBeLessThan(-0.5);
  });
});

describe(`deep-cross (seed '${seed}')`, () => {
  test('holds; with twice the variance of the logits it is rejected, and says that it would have seen it', async () => {
    const draft = await judged('deep-cross');
    expect(draft.tests).toHaveLength(2 * 2 * 2);
    expect(leastP(draft)).toBeGreaterThan(1e-4);
    for (const [alternative, power] of powersOf(draft, 0.05))
      expect([alternative, power > 0.95]).toEqual([alternative, true]);
    const wrong = await judged('deep-cross', { logitVariance: 2 });
    for (const where of [/^squared error, n/, /^squared error, d/, /^cross-entropy, n/, /^cross-entropy, d/])
      expect(leastP(wrong, where)).toBeLessThan(1e-3);
    // A column against a dense block.
    const share = (layers: string) =>
      draft.measurements!.find(({ quantity }) => quantity.includes(`column, cross-entropy, ${layers}`))!.interval!;
    expect(share('neighbouring').lower).toBeGreaterThan(2 * share('distant').upper);
    expect(draft.sentences!.map(({ grounds }) => grounds.length)).toEqual([2, 2]);
  });
});
