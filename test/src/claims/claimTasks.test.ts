/** Tasks know whose they are: which claim asked for them, and which law each of their findings is about. */
import { describe, expect, test } from '@jest/globals';
import { claimIds, claims, type Finished, type PlanContext } from '../../../src/claims/index.js';
import { nameTest } from '../../../src/claims/evidence/nameTest.js';
import { calibrationPreset } from '../../../src/claims/presets.js';
import { regimeName, regimeWords } from '../../../src/claims/taskLists.js';
import { heldOf, statedOf, unperturbed } from '../../../src/draws/perturbation.js';

const context: PlanContext = { preset: calibrationPreset, seed: '1', perturbation: unperturbed };

describe.each(claimIds)('%s', (id) => {
  const tasks = claims[id].plan(context);

  test('its tasks carry its id, and name each law that they serve once', () => {
    expect(tasks.length).toBeGreaterThan(0);
    for (const task of tasks) {
      expect(task.claim).toBe(id);
      if (!('claimed' in task) || !Array.isArray(task.claimed)) continue;
      const laws = task.claimed.map(({ law }) => law);
      expect(laws).toEqual([...new Set(laws)]);
      expect(statedOf(task.claimed).perturbation).toBe(unperturbed);
    }
  });

  test('it leaves the draws of other claims alone: a result of theirs that cannot be read is not read', () => {
    const foreign = claimIds.filter((other) => other !== id).flatMap((other) => claims[other].plan(context));
    const finished = foreign.map((task) => ({ task, result: { kind: task.kind } }) as Finished);
    expect(claims[id].judge({ ...context, finished }).tests).toEqual([]);
  });
});

test('a claim does read the results of its own tasks: one that cannot be read is an error', () => {
  const own = claims['linear-mse'].plan(context).map((task) => ({ task, result: { kind: task.kind } }) as Finished);
  expect(() => claims['linear-mse'].judge({ ...context, finished: own })).toThrow(TypeError);
});

test('a prediction made wrong, or only calibrated, is compared with no further wrong law', () => {
  const lawsOf = (changed: Partial<PlanContext>) =>
    claims['linear-ce']
      .plan({ ...context, ...changed })
      .flatMap((task) => (task.kind === 'law' ? task.claimed.map(({ law }) => law) : []));
  expect(new Set(lawsOf({}))).toEqual(new Set(['stated', 'aspect-ratio', 'logit-variance']));
  expect(new Set(lawsOf({ withoutAlternatives: true }))).toEqual(new Set(['stated']));
  expect(new Set(lawsOf({ perturbation: { ...unperturbed, classes: 1 } }))).toEqual(new Set(['stated']));
});

test('what belongs to a law is found by its name, wherever it stands', () => {
  const held = [{ law: 'activation' as const }, { law: 'stated' as const, value: 1 }];
  expect(statedOf(held)).toBe(held[1]);
  expect(heldOf(held, 'activation')).toBe(held[0]);
  expect(heldOf(held, 'aspect-ratio')).toBeUndefined();
});

test('a test has a name in full, and in two parts where and what', () => {
  const regime = { model: 'hidden', loss: 'ce', initialisation: 'lecun', classes: 10 } as const;
  expect(nameTest(regimeWords(regime), 'places of outliers', 'diagonal block')).toEqual({
    name: 'C = 10, LeCun, diagonal block: places of outliers',
    label: 'diagonal block: places of outliers',
    where: 'C = 10, LeCun',
  });
  expect(nameTest('LeCun', 'ratio')).toEqual({ name: 'LeCun: ratio', label: 'ratio', where: 'LeCun' });
  // Files and streams keep the name that they have.
  expect(regimeName(regime)).toBe('hidden-ce/lecun/C=10');
});
