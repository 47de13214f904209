import { describe, expect, test } from '@jest/globals';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { referenceBackend } from '../../../simulations/linalg/index.js';
import { activationNamed } from '../../../simulations/models/index.js';
import { drawFresh, drawTraining, type Parameters, type TrainingPlan } from '../../../simulations/training/index.js';
import { paperModels, type LabelRule, type Model } from '../../../theory/names.js';

const sizes = {
  activation: 'tanh',
  initialisation: 'pytorch',
  dimension: 6,
  samples: 400,
  classes: 5,
  width: 4,
} as const;

function planOf(model: Model, labels: LabelRule): TrainingPlan {
  const settings: DrawSettings = { model, loss: 'ce', ...sizes };
  return {
    ...{ settings, labels, optimiser: 'adam', learningRate: 0.01, schedule: 'constant' },
    ...{ steps: 10, batch: sizes.samples, marks: [0, 10] },
  };
}
const workspaceOf = (samples: number = sizes.samples) => referenceBackend().createWorkspace(sizes.dimension, samples);

/** f(x), written out. */
function outputs(model: Model, { hiddenLayer, readout }: Parameters, x: Float64Array): number[] {
  const multiply = (rows: Float64Array, v: Float64Array): Float64Array =>
    Float64Array.from({ length: rows.length / v.length }, (_, i) =>
      v.reduce((sum, value, k) => sum + value * rows[i * v.length + k]!, 0),
    );
  return [...multiply(readout, model === 'linear' ? x : multiply(hiddenLayer, x).map(Math.tanh))];
}

describe.each(paperModels)('labels of a teacher, %s model', (model) => {
  const plan = planOf(model, 'teacher');
  const workspace = workspaceOf();
  const { labels, teacher, directions, start } = drawTraining(plan, workspace, 'teacher', 1);
  const rule = (x: Float64Array): number => {
    const f = outputs(model, teacher!, x);
    return f.indexOf(Math.max(...f));
  };

  test('name its largest output', () => {
    for (let n = 0; n < sizes.samples; n++)
      expect(labels[n]).toBe(rule(workspace.inputs.subarray(n * sizes.dimension, (n + 1) * sizes.dimension)));
    expect(new Set(labels).size).toBe(sizes.classes);
  });

  test('depend on the rows of its first layer, which are not those of the network', () => {
    expect(directions).toEqual(model === 'linear' ? teacher!.readout : teacher!.hiddenLayer);
    expect(teacher!.readout).toHaveLength(start.readout.length);
    expect(teacher!.readout).not.toEqual(start.readout);
    // LeCun, whatever the network's own scheme: 20 to 30 entries of variance 1/fan-in; 4 standard errors either way.
    const fanIn = teacher!.readout.length / sizes.classes;
    const power = (fanIn * teacher!.readout.reduce((sum, v) => sum + v * v, 0)) / teacher!.readout.length;
    expect(Math.abs(power - 1)).toBeLessThan(4 * Math.sqrt(2 / teacher!.readout.length));
  });

  test('are given to fresh inputs by the same teacher', () => {
    const elsewhere = workspaceOf(50);
    const fresh = drawFresh(plan, elsewhere, 'teacher', 1, 10);
    expect(fresh.teacher).toEqual(teacher);
    expect(fresh.labels).toHaveLength(50);
    for (let n = 0; n < 50; n++)
      expect(fresh.labels[n]).toBe(rule(elsewhere.inputs.subarray(n * sizes.dimension, (n + 1) * sizes.dimension)));
  });
});

describe('fresh data', () => {
  const plan = planOf('hidden', 'random');

  test('are others at each mark and the same when drawn again', () => {
    const drawn = [0, 10, 10].map((mark) => {
      const workspace = workspaceOf();
      const { labels } = drawFresh(plan, workspace, 'fresh', 2, mark);
      return { labels: [...labels], inputs: [...workspace.inputs] };
    });
    expect(drawn[1]).toEqual(drawn[2]);
    expect(drawn[0]!.inputs).not.toEqual(drawn[1]!.inputs);
    expect(drawn[0]!.labels).not.toEqual(drawn[1]!.labels);
    const workspace = workspaceOf();
    const { labels } = drawTraining(plan, workspace, 'fresh', 2);
    expect(drawn.map(({ inputs }) => inputs[0])).not.toContain(workspace.inputs[0]);
    expect(drawn[0]!.labels).not.toEqual([...labels]);
  });

  test('have random labels in equal shares', () => {
    const { labels, directions, teacher } = drawFresh(plan, workspaceOf(), 'fresh', 2, 0);
    expect([directions.length, teacher]).toEqual([0, undefined]);
    // χ² with 4 degrees of freedom: above 23.5 once in 10^4 seeds.
    const counts = Array.from({ length: 5 }, (_, c) => labels.filter((label) => label === c).length);
    expect(counts.reduce((sum, count) => sum + (count - 80) ** 2 / 80, 0)).toBeLessThan(23.5);
  });
});

test('labels are given when the plan says so, and only then', () => {
  const given = new Int32Array(sizes.samples).fill(3);
  const draw = (labels: LabelRule, options: { labels?: Int32Array }) => () =>
    drawTraining(planOf('hidden', labels), workspaceOf(), 'file', 0, options);
  expect(draw('file', { labels: given })().labels).toBe(given);
  expect(draw('file', {})).toThrow(/^labels: the rule 'file' needs the labels of these inputs, got none; /);
  expect(draw('random', { labels: given })).toThrow(/^labels are given, but the rule is 'random'; /);
});

test('inputs and activation may be others than those named', () => {
  const ones = workspaceOf();
  const relu = activationNamed('relu');
  const options = { inputs: ({ inputs }: { inputs: Float64Array }) => void inputs.fill(1), activation: relu };
  drawTraining(planOf('hidden', 'random'), ones, 'ones', 0, options);
  expect(ones.inputs.every((x) => x === 1)).toBe(true);
  const of = (activation?: typeof relu) =>
    drawTraining(planOf('hidden', 'teacher'), workspaceOf(), 'ones', 0, activation && { activation }).labels;
  expect(of(relu)).not.toEqual(of());
});
