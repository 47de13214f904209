import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../../theory/errors.js';
import { trainRequest } from '../../../../src/pipeline/train/trainRequest.js';
import { loadTrainSpec, printTrainSpec } from '../../../../src/specification/index.js';
import { marksOf } from '../../../../src/specification/marks.js';
import { writeNpy } from '../../../../src/store/formats/index.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-train-request-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('marks', () => {
  test.each([
    ['0,25,50,75,100%', 1000, [0, 250, 500, 750, 1000]],
    // Each share with its sign, unsorted, one of them twice.
    ['100%, 0%,100%', 30, [0, 30]],
    ['0,10,100', 100, [0, 10, 100]],
    [5, 1000, [0, 250, 500, 750, 1000]],
    ['3', 10, [0, 5, 10]],
    [1, 10, [10]],
    // Shares that fall on one step are one mark.
    [5, 2, [0, 1, 2]],
    ['0,25,50,75,100%', 0, [0]],
    [[7, 3], 10, [3, 7]],
  ])('%j of %d steps', (marks, steps, expected) => {
    expect(marksOf(marks, steps)).toEqual(expected);
  });

  test.each(['0,x', '', '-1,2', '1,2000', '0,101%', '1.5,2', 0, 5000])('%j is refused', (marks) => {
    expect(marksOf(marks, 1000)).toHaveProperty('remedy');
    expect(marksOf(marks, 1000)).toHaveProperty('problem');
  });
});

describe('a specification', () => {
  test('the printed one says what is meant where nothing is said', () => {
    const { place: _place, seed: _seed, name: _name, ...printed } = loadTrainSpec(printTrainSpec(), 's.yaml');
    const { place: _other, seed: _none, name: _other2, ...meant } = loadTrainSpec('', 's.yaml');
    expect(printed).toEqual(meant);
    // The authors' configuration scaled: learning rate × steps as published, 50 000 × 1e-4; N = 10 d; C = d.
    expect(meant.plan.learningRate * meant.plan.steps).toBeCloseTo(50_000 * 1e-4, 12);
    expect(meant.plan.settings).toEqual({
      ...{ model: 'hidden', loss: 'ce', activation: 'relu', initialisation: 'pytorch' },
      ...{ dimension: 100, samples: 1000, classes: 100, width: 8 },
    });
  });

  test('options make the same request as a file', () => {
    const spec = join(folder, 'train.yaml');
    writeFileSync(
      spec,
      'model: linear\nloss: mse\nd: 20\nN: "3*d"\nC: 4\noptimiser: sgd\nbatch: 7\nmarks: 3\nsteps: 11\nseed: 5\n',
    );
    const options = {
      ...{ model: 'linear', loss: 'mse', dimension: '20', samples: '3*d', classes: '4', optimiser: 'sgd', batch: '7' },
      ...{ marks: '3', steps: '11', 'save-weights': false },
    };
    const request = trainRequest({ options, seed: '5' });
    expect(trainRequest({ spec, options: {} })).toEqual(request);
    expect(request.about.settings).toMatchObject({ dimension: 20, samples: 60, classes: 4, width: 0 });
    expect(request.training?.plan).toMatchObject({ batch: 7, marks: [0, 6, 11] });
    // A seed given beside the file comes before its own.
    expect(trainRequest({ spec, seed: '6', options: {} }).about.seed).toBe('6');
  });

  test.each([
    ['steps: ten\n', /^s\.yaml, line 1, steps: a whole number is needed, got "ten"/],
    ['d: 20\nmarks: "0,2000"\n', /^s\.yaml, line 2, marks: a mark must be a step from 0 to 1000, got 2000/],
    [
      'd: 20\noptimiser: one-pass\nsteps: 100\nbatch: 3\n',
      /line 3, steps: 100 steps of 3 samples read 300 samples once each, and there are 200/,
    ],
    ['batch: 5\n', /line 1, batch: every update of adam reads all 1000 samples, got a batch of 5/],
    ['optimiser: sgd\nbatch: 5000\n', /line 2, batch: a batch must be at most the 1000 samples, got 5000/],
    ['model: linear\nm: 3\n', /line 2, m: m is the hidden width, but the model is linear/],
    ['model: linear\nactivation: tanh\n', /line 2, activation: an activation needs a hidden layer/],
    ['learningRate: 0\n', /line 1, learningRate: the value must be > 0, got 0/],
    ['d: [10, 20]\n', /line 1, d: a whole number or a text is needed, got \[10,20\]/],
    ['N: "3*C"\n', /line 1, N: in the expression "3\*C"/],
    [
      'labels: file\n',
      /line 1, labels: labels of the rule file belong to inputs of the distribution data, but the inputs are gaussian/,
    ],
    [
      'labels: clusters\n',
      /rule clusters belong to inputs of the distribution clusters, but the inputs are gaussian. Give inputs: {distribution: clusters, components: 100, noise: 0.05, standardise: false}\./,
    ],
    [
      'C: 5\ninputs: {distribution: clusters, components: 4, noise: 0.05}\nlabels: clusters\n',
      /line 3, labels: each class needs a cluster of its own, but there are 5 classes and 4 clusters/,
    ],
    ['labels: random\nlabelsFile: y.npy\n', /line 2, labelsFile: a file of labels is given, but labels is random/],
    ['inputs: {distribution: data, file: x.npy}\nlabels: file\n', /line 2, labels: the data file holds no labels/],
    ['epochs: 3\n', /line 1, epochs: there is no field "epochs"/],
    ['d: 20\nd: 30\n', /line 2: the key "d" stands twice/],
  ])('%j is refused, with its line', (text, message) => {
    expect(() => loadTrainSpec(text, 's.yaml')).toThrow(UsageError);
    expect(() => loadTrainSpec(text, 's.yaml')).toThrow(message);
  });

  test.each([
    [{ steps: '1e3.5' }, /^--steps: a whole number is needed, got "1e3\.5"/],
    [{ width: '0' }, /^--width: m must be a whole number of at least 1/],
    [{ 'learning-rate': '-1' }, /^--learning-rate: the value must be > 0, got -1/],
    [{ inputs: 'students' }, /^--inputs: one of gaussian/],
    [{ inputs: '{distribution: student}' }, /^--inputs.*degrees/],
    [{ inputs: '{distribution: student' }, /^--inputs, line 1/],
    [{ directions: 'd.npy' }, /^--directions goes with --checkpoints/],
  ])('options %j are refused by their name', (options, message) => {
    expect(() => trainRequest({ options: options as Record<string, string> })).toThrow(UsageError);
    expect(() => trainRequest({ options: options as Record<string, string> })).toThrow(message);
  });

  test('options beside a specification are refused, not ignored', () => {
    expect(() => trainRequest({ spec: 'train.yaml', options: { steps: '5' } })).toThrow(
      /^--steps and a specification both say what is trained/,
    );
  });
});

describe('checkpoints', () => {
  const ones = (length: number) => new Float64Array(length).fill(1);
  /** A sound folder of d = 3, N = 4, m = 2, C = 2 at steps 0 and 10, changed by `files`; null removes one. */
  let made = 0;
  const folderWith = (files: Readonly<Record<string, readonly [Float64Array, number[]] | null>>): string => {
    const sound: Record<string, readonly [Float64Array, number[]] | null> = {
      ...{ 'X.npy': [ones(12), [4, 3]], 'y.npy': [Float64Array.of(0, 1, 0, 1), [4]] },
      ...{ 'W_0.npy': [ones(6), [2, 3]], 'V_0.npy': [ones(4), [2, 2]] },
      ...{ 'W_10.npy': [ones(6), [2, 3]], 'V_10.npy': [ones(4), [2, 2]] },
      ...files,
    };
    const path = mkdtempSync(join(folder, `c${made++}-`));
    for (const [name, content] of Object.entries(sound))
      if (content !== null) writeFileSync(join(path, name), writeNpy(content[0], content[1]));
    return path;
  };
  const requested = (checkpoints: string, options: Record<string, string> = { labels: 'random' }) =>
    trainRequest({ checkpoints, options });

  test('settings come from shapes, marks from names', () => {
    const { about, checkpoints } = requested(folderWith({}));
    expect(about.settings).toMatchObject({ model: 'hidden', dimension: 3, samples: 4, classes: 2, width: 2 });
    expect(checkpoints.map(({ step }) => step)).toEqual([0, 10]);
    const linear = requested(
      folderWith({ 'W_0.npy': null, 'W_10.npy': null, 'V_10.npy': null, 'V_0.npy': null, 'V.npy': [ones(6), [2, 3]] }),
    );
    expect(linear.about.settings).toMatchObject({ model: 'linear', dimension: 3, classes: 2, width: 0 });
    const fresh = { 'X_fresh.npy': [ones(15), [5, 3]], 'y_fresh.npy': [new Float64Array(5), [5]] } as const;
    expect(
      requested(folderWith(fresh as unknown as Parameters<typeof folderWith>[0])).checkpoints[0]!.freshSamples,
    ).toBe(5);
  });

  test.each<[string, Parameters<typeof folderWith>[0], RegExp]>([
    ['no inputs', { 'X.npy': null }, /has no X\.npy/],
    ['no labels', { 'y.npy': null }, /has no y\.npy/],
    ['too few labels', { 'y.npy': [ones(3), [3]] }, /y\.npy has shape \(3\), but X has 4 rows/],
    [
      'a label beyond',
      { 'y.npy': [Float64Array.of(0, 1, 2, 1), [4]] },
      /y\.npy: labels must be .* 0 to 1.* label 2 is 2/,
    ],
    ['half a label', { 'y.npy': [Float64Array.of(0, 1, 0.5, 1), [4]] }, /label 2 is 0\.5/],
    ['a transposed W', { 'W_10.npy': [ones(6), [3, 2]] }, /W_10\.npy has shape \(3, 2\), but it must be \(2, 3\)/],
    ['a transposed V', { 'V_0.npy': [ones(6), [3, 2]] }, /V_10\.npy has shape \(2, 2\), but it must be \(3, 2\)/],
    ['a W without its V', { 'V_10.npy': null }, /has no V_10\.npy/],
    ['no V at all', { 'V_0.npy': null, 'V_10.npy': null }, /has W and no V/],
    [
      'no network',
      { 'V_0.npy': null, 'V_10.npy': null, 'W_0.npy': null, 'W_10.npy': null },
      /no V\.npy and no V_<step>/,
    ],
    ['names with and without a step', { 'V.npy': [ones(4), [2, 2]] }, /with a step and without/],
    ['a step twice', { 'V_010.npy': [ones(4), [2, 2]] }, /two names for step 10/],
    [
      'a diverged mark',
      { 'V_10.npy': [Float64Array.of(1, NaN, 1, 1), [2, 2]] },
      /V_10\.npy must hold finite numbers, but number 1 is NaN/,
    ],
    ['fresh inputs without labels', { 'X_fresh.npy': [ones(6), [2, 3]] }, /has no y_fresh\.npy/],
    [
      'fresh inputs of another length',
      { 'X_fresh.npy': [ones(6), [3, 2]], 'y_fresh.npy': [ones(3), [3]] },
      /X_fresh\.npy has shape \(3, 2\)/,
    ],
  ])('%s', (_, files, message) => {
    const path = folderWith(files);
    expect(() => requested(path)).toThrow(UsageError);
    expect(() => requested(path)).toThrow(message);
  });

  test("a teacher's directions must be given, and fit: signal is not to be mistaken for memorisation", () => {
    const path = folderWith({ 'directions.npy': [ones(6), [2, 3]], 'narrow.npy': [ones(4), [2, 2]] });
    expect(() => requested(path, {})).toThrow(/--checkpoints needs --labels: random/);
    expect(() => requested(path, { labels: 'teacher' })).toThrow(/--labels teacher needs --directions/);
    expect(() => requested(path, { labels: 'random', directions: join(path, 'directions.npy') })).toThrow(
      /--directions are those of a teacher, but --labels is random/,
    );
    expect(() => requested(path, { labels: 'teacher', directions: join(path, 'narrow.npy') })).toThrow(
      /narrow\.npy has shape \(2, 2\), but it must be k×3/,
    );
    const { checkpoints } = requested(path, { labels: 'teacher', directions: join(path, 'directions.npy') });
    expect(checkpoints[0]!.files.directions).toBe(join(path, 'directions.npy'));
    expect(() => requested(path, { labels: 'random', steps: '5' })).toThrow(/--steps is not for --checkpoints/);
  });
});
