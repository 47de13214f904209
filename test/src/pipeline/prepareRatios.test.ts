import { expect, test } from '@jest/globals';
import { frobeniusRatio } from '../../../theory/models/index.js';
import { claims } from '../../../src/claims/index.js';
import { effortOfShown, isRatioNew, predictedRatio } from '../../../src/claims/evidence/ratioEvidence.js';
import { unperturbed } from '../../../src/draws/perturbation.js';
import { presets } from '../../../src/claims/presets.js';
import { prepareRatios } from '../../../src/pipeline/check/prepareRatios.js';

const claim = claims['linear-ce'];
const tasks = claim.plan({ preset: presets.quick, seed: '1', perturbation: unperturbed });
const asked = claim.ratiosAsked!(tasks);

test('a claim names the ratios of its norms and of its means, and no others', () => {
  const classes = new Set(asked.map((spec) => spec.classes));
  expect([...classes].toSorted((a, b) => a - b)).toEqual(
    [...new Set([...presets.quick.norms.classes, presets.quick.moments.classes])].toSorted((a, b) => a - b),
  );
  // Those of norms are shown, those of means judged.
  expect(new Set(asked.map(({ effort }) => effort))).toEqual(new Set([effortOfShown, undefined]));
  expect(claims['cross-layer'].ratiosAsked).toBeUndefined();
});

test('one worker prepares nothing; two compute what one thread does, and judging finds it', async () => {
  await prepareRatios([claim], tasks, 1);
  expect(asked.every(isRatioNew)).toBe(true);
  await prepareRatios([claim], tasks, 2);
  expect(asked.some(isRatioNew)).toBe(false);
  const norm = tasks.find((task) => task.kind === 'norm')!;
  if (norm.kind !== 'norm') throw new Error('no task of a norm');
  const spec = asked.find(({ classes, effort }) => classes === norm.settings.classes && effort === effortOfShown)!;
  expect(predictedRatio(norm, 'output', effortOfShown)).toEqual(frobeniusRatio(spec));
});
