import type { Backend } from '../../simulations/contracts.js';
import type { Balance } from '../../simulations/dynamics/index.js';
import { activationOf, drawFromParts, type Draw } from '../../simulations/models/index.js';
import {
  createTrainer,
  drawFresh,
  drawTraining,
  sampleBatches,
  type Parameters,
  type TrainingPlan,
} from '../../simulations/training/index.js';

export interface SeenMark {
  readonly step: number;
  readonly data: 'train' | 'fresh';
  readonly draw: Draw;
  readonly directions: Float64Array;
  readonly balance: Balance;
}

/** Trains by the plan and shows the network at each mark, on its data and on fresh ones. */
export async function visitMarks(
  plan: TrainingPlan,
  seed: string,
  backend: Backend,
  visit: (mark: SeenMark) => void,
): Promise<void> {
  const { settings } = plan;
  const workspaces = [0, 1].map(() => backend.createWorkspace(settings.dimension, settings.samples));
  const { labels, start, directions } = drawTraining(plan, workspaces[0]!, seed, 0);
  const trainer = createTrainer(plan, {
    ...{ workspace: workspaces[0]!, labels, start, backend },
    activation: activationOf(settings),
    batches: sampleBatches(plan, seed, 0),
  });
  for (const step of plan.marks) {
    await trainer.advance(step);
    const { hiddenLayer, readout, balanceDrift } = trainer.state();
    const balance = { start: unitBalance(start, settings.width), drift: balanceDrift };
    const parts = { settings, hiddenLayer, readout, wanted: {} };
    const own = drawFromParts({ ...parts, workspace: workspaces[0]!, labels });
    visit({ step, data: 'train', draw: own, directions, balance });
    const fresh = drawFresh(plan, workspaces[1]!, seed, 0, step);
    const other = drawFromParts({ ...parts, workspace: workspaces[1]!, labels: fresh.labels });
    visit({ step, data: 'fresh', draw: other, directions, balance });
  }
}

/** ‖w_i‖² − ‖v_i‖² of each unit. */
export function unitBalance({ hiddenLayer, readout }: Parameters, width: number): Float64Array {
  const balance = new Float64Array(width);
  const length = hiddenLayer.length / width;
  hiddenLayer.forEach((value, k) => (balance[Math.floor(k / length)]! += value ** 2));
  readout.forEach((value, k) => (balance[k % width]! -= value ** 2));
  return balance;
}
