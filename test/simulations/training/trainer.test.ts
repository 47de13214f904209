import { describe, expect, test } from '@jest/globals';
import type { Backend, DrawSettings } from '../../../simulations/contracts.js';
import { referenceBackend, wasmBackend } from '../../../simulations/linalg/index.js';
import { activationOf, drawReplicate } from '../../../simulations/models/index.js';
import {
  createTrainer,
  drawTraining,
  sampleBatches,
  type Trainer,
  type TrainingPlan,
  type TrainingState,
} from '../../../simulations/training/index.js';
import { losses, models, optimiserNames, optimisers } from '../../../theory/names.js';

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

describe.each(models)('the %s model', (model) => {
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
