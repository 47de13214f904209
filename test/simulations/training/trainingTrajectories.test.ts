import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Backend, DrawSettings, LossGradient } from '../../../simulations/contracts.js';
import { referenceBackend } from '../../../simulations/linalg/index.js';
import { activationNamed } from '../../../simulations/models/index.js';
import {
  createTrainer,
  type Parameters,
  type Trainer,
  type TrainingPlan,
} from '../../../simulations/training/index.js';
import { optimisers, type Loss, type Model, type Optimiser, type Schedule } from '../../../theory/names.js';
import { backendsHere } from '../linalg/linalgBackends.js';

// By torch.optim in double precision: test/fixtures/pytorch/trainingTrajectories.py.
interface Case {
  readonly model: Model;
  readonly activation: 'relu' | 'tanh';
  readonly loss: Loss;
  readonly optimiser: Optimiser;
  readonly schedule: Schedule;
  readonly learningRate: number;
  /** Before the updates 0, 20, 40, … */
  readonly losses: readonly number[];
  readonly parameters: readonly number[];
}
interface Fixture {
  readonly dimension: number;
  readonly width: number;
  readonly classes: number;
  readonly samples: number;
  readonly batch: number;
  readonly steps: number;
  readonly inputs: readonly number[];
  readonly labels: readonly number[];
  readonly hiddenLayer: readonly number[];
  readonly readout: readonly number[];
  readonly linearReadout: readonly number[];
  readonly batches: readonly number[];
  readonly cases: readonly Case[];
}
const file = new URL('../../fixtures/pytorch/trainingTrajectories.json', import.meta.url);
const fixture = JSON.parse(readFileSync(file, 'utf8')) as Fixture;
const { dimension, width, classes, samples, batch, steps, cases } = fixture;

/** Rounding differs between libraries and grows along the way: 6e-14 at most, measured. */
const TOLERANCE = 1e-12;
/** What a wrong rule must move losses or parameters by at least; 1.7e-8 where both ways end in the one minimum there is. */
const SEEN = 1e-8;

const titled = cases.map((one): [string, Case] => [
  `${one.model} ${one.model === 'hidden' ? `${one.activation} ` : ''}${one.loss} ${one.optimiser} ${one.schedule}`,
  one,
]);

function settingsOf({ model, activation, loss }: Case): DrawSettings {
  return { model, activation, loss, initialisation: 'pytorch', dimension, samples, classes, width };
}

function startOf({ model }: Case): Parameters {
  return model === 'linear'
    ? { hiddenLayer: new Float64Array(0), readout: Float64Array.from(fixture.linearReadout) }
    : { hiddenLayer: Float64Array.from(fixture.hiddenLayer), readout: Float64Array.from(fixture.readout) };
}

function trainerOf(one: Case, backend: Backend, changes: Partial<TrainingPlan> = {}): Trainer {
  const { optimiser, schedule, learningRate } = one;
  const { fullBatch } = optimisers[optimiser];
  const plan: TrainingPlan = {
    ...{ settings: settingsOf(one), labels: 'file', optimiser, schedule, learningRate, steps, marks: [] },
    batch: fullBatch ? samples : batch,
    ...changes,
  };
  const workspace = backend.createWorkspace(dimension, samples);
  workspace.inputs.set(fixture.inputs);
  const rows = Int32Array.from(fixture.batches);
  return createTrainer(plan, {
    ...{ workspace, backend, start: startOf(one), activation: activationNamed(one.activation) },
    labels: Int32Array.from(fixture.labels),
    batches: (step) =>
      fullBatch ? { start: 0, count: samples } : rows.subarray((step % steps) * batch, ((step % steps) + 1) * batch),
  });
}

/** Losses before the updates 0, 20, 40, …, and the parameters at the end. */
interface Way {
  readonly losses: readonly number[];
  readonly parameters: readonly number[];
}

async function train(one: Case, backend: Backend, changes: Partial<TrainingPlan> = {}): Promise<Way> {
  const trainer = trainerOf(one, backend, changes);
  const losses: number[] = [];
  await trainer.advance(steps, { onProgress: ({ step, loss }) => void (step % 20 === 1 && losses.push(loss)) });
  const { hiddenLayer, readout } = trainer.state();
  return { losses, parameters: [...hiddenLayer, ...readout] };
}

/** Largest distance of losses and parameters from PyTorch's. */
function distance(way: Way, one: Case): number {
  const found = [...way.losses, ...way.parameters];
  const expected = [...one.losses, ...one.parameters];
  expect(found).toHaveLength(expected.length);
  return Math.max(...found.map((value, k) => Math.abs(value - expected[k]!)));
}

describe.each(await backendsHere())('training in the %s backend', (_name, backend) => {
  test.each(titled)('goes the way of PyTorch: %s', async (_title, one) => {
    expect(distance(await train(one, backend), one)).toBeLessThan(TOLERANCE);
  });
});

describe('PyTorch tells a wrong rule from the right one', () => {
  const all = titled.filter(([, { schedule }]) => schedule === 'cosine');

  test.each(all)('a cosine that ends one update later: %s', async (_title, one) => {
    expect(distance(await train(one, referenceBackend(), { steps: steps + 1 }), one)).toBeGreaterThan(SEEN);
  });

  // The gradient of Σ‖f − y‖²/N is twice that of the loss: the same way at twice the rate.
  test.each(titled.filter(([, { loss, optimiser }]) => loss === 'mse' && optimiser === 'gd'))(
    'a squared error without its half: %s',
    async (_title, one) => {
      const changes = { learningRate: 2 * one.learningRate };
      expect(distance(await train(one, referenceBackend(), changes), one)).toBeGreaterThan(SEEN);
    },
  );

  const adams = titled.filter(([, { optimiser, schedule }]) => optimiser === 'adam' && schedule === 'constant');
  const wrong: readonly (readonly [string, AdamVariant])[] = [
    ['ε inside the root', { insideRoot: true, firstCorrection: true, secondCorrection: true }],
    ['no correction of the first moment', { insideRoot: false, firstCorrection: false, secondCorrection: true }],
    ['no correction of the second moment', { insideRoot: false, firstCorrection: true, secondCorrection: false }],
  ];
  test.each(adams)('Adam with ε inside the root or a bias left in: %s', (_title, one) => {
    const right = { insideRoot: false, firstCorrection: true, secondCorrection: true };
    expect(distance(adamByHand(one, right), one)).toBeLessThan(TOLERANCE);
    for (const [name, variant] of wrong)
      expect([name, distance(adamByHand(one, variant), one) > SEEN]).toEqual([name, true]);
  });
});

interface AdamVariant {
  readonly insideRoot: boolean;
  readonly firstCorrection: boolean;
  readonly secondCorrection: boolean;
}

/** Algorithm 1 of Kingma and Ba (2015), written out, with its likely mistakes. */
function adamByHand(one: Case, variant: AdamVariant): Way {
  const parameters = startOf(one);
  const losses: number[] = [];
  const pass = passOf(one);
  const moments = [parameters.hiddenLayer, parameters.readout].map((layer) => [layer.map(() => 0), layer.map(() => 0)]);
  for (let t = 1; t <= steps; t++) {
    const { loss } = pass.evaluate(parameters, { start: 0, count: samples });
    if (t % 20 === 1) losses.push(loss);
    [parameters.hiddenLayer, parameters.readout].forEach((layer, l) => {
      const gradient = [pass.gradient.hiddenLayer, pass.gradient.readout][l]!;
      const [m, v] = moments[l]! as [Float64Array, Float64Array];
      gradient.forEach((g, k) => {
        m[k] = 0.9 * m[k]! + 0.1 * g;
        v[k] = 0.999 * v[k]! + 0.001 * g * g;
        const mean = m[k]! / (variant.firstCorrection ? 1 - 0.9 ** t : 1);
        const square = v[k]! / (variant.secondCorrection ? 1 - 0.999 ** t : 1);
        const root = variant.insideRoot ? Math.sqrt(square + 1e-8) : Math.sqrt(square) + 1e-8;
        layer[k]! -= (one.learningRate * mean) / root;
      });
    });
  }
  return { losses, parameters: [...parameters.hiddenLayer, ...parameters.readout] };
}

function passOf(one: Case): LossGradient {
  return referenceBackend().lossGradient({
    ...{ loss: one.loss, dimension, samples, classes, units: one.model === 'linear' ? 0 : width },
    activation: activationNamed(one.activation),
    inputs: Float64Array.from(fixture.inputs),
    labels: Int32Array.from(fixture.labels),
  });
}
