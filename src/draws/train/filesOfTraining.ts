import type { DrawSettings, Workspace } from '../../../simulations/contracts.js';
import { modelOf } from '../../../simulations/models/index.js';
import type { LabelledData } from '../../../simulations/training/index.js';
import type { MarkedWeights, TrainFile } from './trainContract.js';

/**
 * What `train --checkpoints` reads: X.npy, y.npy, W_<step>.npy and V_<step>.npy of every mark, in a folder of the
 * replicate, and the teacher's directions where labels come from one.
 */
export function filesOfTraining(
  replicate: number,
  settings: DrawSettings,
  { inputs }: Workspace,
  { labels, directions }: LabelledData,
  weights: readonly MarkedWeights[],
): TrainFile[] {
  const { dimension, samples, classes } = settings;
  const units = modelOf(settings).units(settings);
  const named = (name: string, shape: readonly number[], data: Float64Array): TrainFile => ({
    name: `replicate-${String(replicate).padStart(4, '0')}/${name}.npy`,
    shape,
    data,
  });
  return [
    named('X', [samples, dimension], inputs.slice()),
    named('y', [samples], Float64Array.from(labels)),
    ...(directions.length === 0 ? [] : [named('directions', [directions.length / dimension, dimension], directions)]),
    ...weights.flatMap(({ step, hiddenLayer, readout }) => [
      ...(units === 0 ? [] : [named(`W_${step}`, [units, dimension], hiddenLayer)]),
      named(`V_${step}`, [classes, readout.length / classes], readout),
    ]),
  ];
}
