import { describe, expect, test } from '@jest/globals';
import type { Backend, DrawSettings } from '../../../simulations/contracts.js';
import { referenceBackend, wasmBackend } from '../../../simulations/linalg/index.js';
import { activationOf, drawReplicate } from '../../../simulations/models/index.js';
import {
  createTrainer,
  drawTraining,
  predictTrainingMemory,
  sampleBatches,
  type Parameters,
  type Trainer,
  type TrainingPlan,
  type TrainingState,
} from '../../../simulations/training/index.js';
import { NumericalError, UsageError } from '../../../theory/errors.js';
import { losses, paperModels, optimiserNames, optimisers } from '../../../theory/names.js';

const sizes = { activation: 'relu', initialisation: 'lecun', dimension: 5, samples: 42, classes: 7, width: 3 } as const;
const seed = 'trainer';

function planOf(options: Partial<TrainingPlan> & { readonly setting?: Partial<DrawSettings> } = {}): TrainingPlan {
  const { setting, ...rest } = options;
  const settings: DrawSettings = { model: 'hidden', loss: 'ce', ...sizes, ...setting };
  const optimiser = rest.optimiser ?? 'adam';
  return {
    ...{ settings, labels: 'random', optimiser, learningRate: 0.05, schedule: 'cosine', steps: 20, marks: [0, 20] },
    batch: optimisers[optimiser].fullBatch ? settings.samples : 2,
    ...rest,
  };
}

function trainerOf(plan: TrainingPlan, backend: Backend = referenceBackend(), from?: TrainingState): Trainer {
  const workspace = backend.createWorkspace(plan.settings.dimension, plan.settings.samples);
  const { labels, start } = drawTraining(plan, workspace, seed, 0);
  const trainer = createTrainer(plan, {
    ...{ workspace, labels, backend },
    start: from ?? start,
    activation: activationOf(plan.settings),
    batches: sampleBatches(plan, seed, 0),
  });
  workspace.inputs.fill(NaN); // The trainer has its own.
  return trainer;
}

describe.each(paperModels)('the %s model', (model) => {
  test.each(losses)('under %s begins as the draw of the same name', (loss) => {
    const plan = planOf({ setting: { model, loss } });
    const workspace = referenceBackend().createWorkspace(sizes.dimension, sizes.samples);
    const { labels, start } = drawTraining(plan, workspace, seed, 3);
    const inputs = workspace.inputs.slice();
    const draw = drawReplicate(plan.settings, workspace, seed, 3);
    expect(inputs).toEqual(workspace.inputs);
    expect(labels).toEqual(draw.labels);
    expect(start).toEqual({ hiddenLayer: draw.hiddenLayer, readout: draw.readout.matrix! });
  });

  test.each(optimiserNames)(
    'trained by %s gives the same bytes by itself, beside another, and after a stop',
    async (optimiser) => {
      const plan = planOf({ optimiser, setting: { model } });
      const undisturbed = trainerOf(plan);
      await undisturbed.advance(20);
      const [one, other] = [trainerOf(plan), trainerOf({ ...plan, learningRate: 0.01 })];
      await Promise.all([one.advance(9), other.advance(12)]);
      const again = trainerOf(plan, referenceBackend(), structuredClone(one.state()));
      await Promise.all([again.advance(20), one.advance(20)]);
      expect(one.state()).toEqual(undisturbed.state());
      expect(again.state()).toEqual(undisturbed.state());
      await other.advance(20);
      expect(other.state().readout).not.toEqual(undisturbed.state().readout);
    },
  );

  test.each(losses)('under %s takes the same way in compiled kernels', async (loss) => {
    const plan = planOf({ setting: { model, loss } });
    const [plain, compiled] = [trainerOf(plan), trainerOf(plan, wasmBackend())];
    await Promise.all([plain.advance(20), compiled.advance(20)]);
    compiled.state().readout.forEach((v, k) => expect(v).toBeCloseTo(plain.state().readout[k]!, 12));
  });
});

describe('‖w_i‖² − ‖v_i‖²', () => {
  const differences = ({ hiddenLayer, readout }: Parameters): number[] =>
    Array.from({ length: sizes.width }, (_, i) => {
      let difference = 0;
      for (let a = 0; a < sizes.dimension; a++) difference += hiddenLayer[i * sizes.dimension + a]! ** 2;
      for (let c = 0; c < sizes.classes; c++) difference -= readout[c * sizes.width + i]! ** 2;
      return difference;
    });
  const movedBy = async (plan: TrainingPlan) => {
    const trainer = trainerOf(plan);
    const before = differences(trainer.state());
    await trainer.advance(plan.steps);
    const state = trainer.state();
    return { moved: differences(state).map((value, i) => value - before[i]!), drift: [...state.balanceDrift] };
  };

  // Each w_i·∂w_i = v_i·∂v_i behind gates, so that only the squares of the steps are left.
  test.each(optimiserNames.filter((name) => optimisers[name].plain))(
    'moves by what balanceDrift says, under %s',
    async (optimiser) => {
      const { moved, drift } = await movedBy(planOf({ optimiser, learningRate: 0.3 }));
      drift.forEach((value, i) => expect(Math.abs(value - moved[i]!)).toBeLessThan(1e-13));
      expect(Math.max(...drift.map(Math.abs))).toBeGreaterThan(1e-3);
    },
  );

  test('moves by something else where nothing is said: under Adam, and without gates', async () => {
    const adam = await movedBy(planOf({ optimiser: 'adam' }));
    const tanh = await movedBy(planOf({ optimiser: 'gd', setting: { activation: 'tanh' } }));
    expect([adam.drift, tanh.drift]).toEqual([[], []]);
    for (const { moved } of [adam, tanh]) expect(Math.max(...moved.map(Math.abs))).toBeGreaterThan(1e-3);
    expect((await movedBy(planOf({ optimiser: 'gd', setting: { model: 'linear' } }))).drift).toEqual([]);
  });
});

describe('training that diverges', () => {
  const divergent = (learningRate: number) =>
    planOf({ optimiser: 'gd', schedule: 'constant', learningRate, steps: 200, marks: [], setting: { loss: 'mse' } });

  test('ends with the step, the loss and a remedy, at a state whose loss is still in bounds', async () => {
    const trainer = trainerOf(divergent(3));
    const seen: { step: number; loss: number }[] = [];
    const failure = await trainer
      .advance(200, { onProgress: (progress) => seen.push(progress) })
      .catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(NumericalError);
    expect((failure as Error).message).toMatch(
      /^training diverges: after \d+ updates the loss is \S+, \S+ at the first update; the state after \d+ updates is kept; take a --learning-rate smaller than 3$/,
    );
    const { step, firstLoss } = trainer.state();
    expect(firstLoss).toBe(seen[0]!.loss);
    expect(trainer.step).toBe(step);
    // The loss at the state kept was seen by the update after it, which is the last one made.
    expect(seen.at(-1)!.step).toBe(step + 1);
    expect(seen.at(-1)!.loss).toBeLessThan(1e3 * Math.max(1, firstLoss!));
    const same = trainerOf({ ...divergent(3), steps: step });
    await same.advance(step);
    expect(same.state()).toEqual(trainer.state());
  });

  test('is seen when the parameters overflow, even if gates hide it from the loss', async () => {
    const trainer = trainerOf(divergent(Number.MAX_VALUE));
    await expect(trainer.advance(200)).rejects.toThrow(/after 1 updates a parameter is no longer finite/);
    expect(trainer.state()).toEqual(trainerOf(divergent(1)).state());
  });

  test('is not what a small step does', async () => {
    await trainerOf(divergent(0.1)).advance(200);
  });
});

describe('an advance', () => {
  test('reports every update and ends when its signal says so, after a whole update', async () => {
    const trainer = trainerOf(planOf());
    const abort = new AbortController();
    const steps: number[] = [];
    const onProgress = ({ step }: { step: number }) => {
      steps.push(step);
      if (step === 7) abort.abort(new Error('stop here'));
    };
    await expect(trainer.advance(20, { signal: abort.signal, onProgress })).rejects.toThrow('stop here');
    expect([steps, trainer.step]).toEqual([[1, 2, 3, 4, 5, 6, 7], 7]);
    await trainer.advance(20);
    const undisturbed = trainerOf(planOf());
    await undisturbed.advance(20);
    expect(trainer.state()).toEqual(undisturbed.state());
  });

  test('lets a signal in from outside', async () => {
    const plan = planOf({ steps: 1e6, marks: [], optimiser: 'gd', learningRate: 1e-6 });
    const trainer = trainerOf(plan);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 10);
    await expect(trainer.advance(1e6, { signal: abort.signal })).rejects.toThrow();
    expect(trainer.step).toBeLessThan(1e6);
  });

  test('goes forward, and no farther than its plan', async () => {
    const trainer = trainerOf(planOf());
    await trainer.advance(5);
    await expect(trainer.advance(4)).rejects.toThrow(/^to must be a whole number of updates from 5 to 20, got 4; /);
    await expect(trainer.advance(21)).rejects.toThrow(UsageError);
  });
});

test('a state of another plan is refused', () => {
  const state = trainerOf(planOf()).state();
  expect(() => trainerOf(planOf({ optimiser: 'gd' }), referenceBackend(), state)).toThrow(
    /^start: firstMoments must hold 0 numbers for this plan, got 36; /,
  );
});

test('predictTrainingMemory is within a fifth of what the embedded backend allocates', () => {
  const settings = { ...planOf().settings, dimension: 200, samples: 2000, classes: 300, width: 20 };
  const plan = planOf({ setting: settings });
  let allocated = 0;
  const { Memory } = WebAssembly;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      if (descriptor.initial > 2) allocated += 65536 * descriptor.initial;
    }
  };
  try {
    const state = trainerOf(plan, wasmBackend()).state();
    const arrays = [state.hiddenLayer, state.readout, state.firstMoments, state.secondMoments];
    allocated += 3 * arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  } finally {
    WebAssembly.Memory = Memory;
  }
  const { workspace, gradient, states, total } = predictTrainingMemory(plan);
  expect(workspace + gradient + states).toBe(total);
  expect(total / allocated).toBeGreaterThan(0.8);
  expect(total / allocated).toBeLessThan(1.2);
});
