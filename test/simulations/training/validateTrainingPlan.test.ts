import { expect, test } from '@jest/globals';
import { validateTrainingPlan, type TrainingPlan } from '../../../simulations/training/index.js';
import { UsageError } from '../../../theory/errors.js';

const plan: TrainingPlan = {
  settings: {
    ...{ model: 'hidden', loss: 'ce', activation: 'relu', initialisation: 'lecun' },
    ...{ dimension: 10, samples: 100, classes: 10, width: 8 },
  },
  ...{ labels: 'random', optimiser: 'adam', learningRate: 0.005, schedule: 'cosine' },
  ...{ steps: 50, batch: 100, marks: [0, 25, 50] },
};

test.each<[string, Partial<TrainingPlan>]>([
  ['as it is', {}],
  ['one look at the initialisation', { steps: 0, marks: [0] }],
  ['batches with replacement', { optimiser: 'sgd', batch: 7 }],
  ['each sample once', { optimiser: 'one-pass', batch: 2 }],
])('a plan that can be made: %s', (_name, changes) => {
  expect(() => validateTrainingPlan({ ...plan, ...changes })).not.toThrow();
});

test.each<[string, Partial<TrainingPlan>, RegExp]>([
  [
    'settings',
    { settings: { ...plan.settings, width: 0 } },
    /^width, the number m of hidden units, must be .* got 0; /,
  ],
  [
    'a model that is not trained',
    { settings: { ...plan.settings, model: 'deep', widths: [4, 3] } },
    /^model must be one of linear, hidden, got deep$/,
  ],
  ['label rule', { labels: 'noisy' as never }, /^labels must be one of random, teacher, file, clusters, got noisy$/],
  ['optimiser', { optimiser: 'toString' as never }, /^optimiser must be one of gd, sgd, one-pass, adam, got toString$/],
  ['schedule', { schedule: 'linear' as never }, /^schedule must be one of constant, cosine, got linear$/],
  [
    'rate 0',
    { learningRate: 0 },
    /^learningRate, η of the first step, must be a finite number above 0, got 0; try 0.005$/,
  ],
  ['rate NaN', { learningRate: NaN }, /got NaN; try 0.005$/],
  ['steps', { steps: 2.5 }, /^steps, the number of updates, must be a whole number of at least 0, got 2.5; /],
  ['batch', { optimiser: 'sgd', batch: 101 }, /^batch, .*, must be a whole number from 1 to the 100 samples, got 101$/],
  ['part of a full batch', { batch: 50 }, /^batch must be all 100 samples, which every update of adam reads, got 50; /],
  [
    'more than one pass',
    { optimiser: 'one-pass', batch: 3 },
    /^one-pass reads each sample once: .* got 50 × 3 = 150; take at most 33 steps or at least 150 samples$/,
  ],
  [
    'a mark beyond the steps',
    { marks: [0, 51] },
    /^marks must be whole numbers of updates from 0 to the 50 steps, got 51; /,
  ],
  ['a mark twice', { marks: [0, 25, 25] }, /^marks must ascend, got 25 after 25; /],
])('a plan that cannot is refused with argument, rule, value and remedy: %s', (_name, changes, sentence) => {
  expect(() => validateTrainingPlan({ ...plan, ...changes })).toThrow(UsageError);
  expect(() => validateTrainingPlan({ ...plan, ...changes })).toThrow(sentence);
});
