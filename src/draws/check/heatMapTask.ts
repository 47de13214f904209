/** One Hessian as a picture. */
import type { HeatMap } from '../../../figures/results.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { drawReplicate } from '../../../simulations/models/index.js';
import type { TaskEnvironment } from '../environment.js';
import { pictureOfDraw } from '../pictureOfDraw.js';

export interface HeatMapTask {
  readonly kind: 'heat map';
  readonly experiment: string;
  readonly settings: DrawSettings;
  readonly part: 'whole' | 'hidden' | 'linear';
  readonly seed: string;
}

export interface HeatMapTaskResult {
  readonly kind: 'heat map';
  readonly map: HeatMap;
}

export async function performHeatMapTask(task: HeatMapTask, environment: TaskEnvironment): Promise<HeatMapTaskResult> {
  const { settings, part, seed, experiment } = task;
  const { model, loss, initialisation, dimension, samples, classes } = settings;
  const workspace = environment.workspace(dimension, samples);
  const draw = drawReplicate(settings, workspace, `${seed}/${experiment}`, 0);
  const label = `${model}, ${loss}, ${initialisation}, C = ${classes}`;
  return { kind: 'heat map', map: pictureOfDraw(draw, environment.backend, { id: experiment, label, part, seed }) };
}
