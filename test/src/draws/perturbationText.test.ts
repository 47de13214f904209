import { expect, test } from '@jest/globals';
import { parsePerturbation, perturbationText } from '../../../src/draws/perturbation.js';

test('what is made wrong is written as it is read, and nothing else', () => {
  const all = 'aspect-ratio=1.05, logit-variance=1.1, classes=1, shape=semicircle, activation=tanh';
  for (const text of [all, 'classes=-1', 'aspect-ratio=0.95, activation=relu'])
    expect(perturbationText(parsePerturbation(text))).toBe(text);
  expect(perturbationText(parsePerturbation(undefined))).toBe('');
});
