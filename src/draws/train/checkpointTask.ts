/** A network that was trained elsewhere, looked at from its files. */
import type { DrawSettings } from '../../../simulations/contracts.js';
import type { MarkObservation } from '../../../simulations/dynamics/index.js';
import { drawFromParts, type Draw } from '../../../simulations/models/index.js';
import { readArrayFile } from '../../store/formats/index.js';
import type { TaskEnvironment } from '../environment.js';
import { picturesOfMark } from '../pictureOfDraw.js';
import { classNumbers } from './classNumbers.js';
import { observeNetwork } from './observeNetwork.js';
import type { CheckpointTask, TrainTaskResult } from './trainContract.js';

export function examineCheckpoint(task: CheckpointTask, environment: TaskEnvironment): TrainTaskResult {
  const { files, freshSamples } = task;
  const own = networkOn(task, environment, 'train', files.inputs, files.labels);
  const marks = [observe(task, environment, own, 'train')];
  const about = { replicate: 0, step: task.step, seed: '' };
  const heatMaps = task.heatMaps ? picturesOfMark(own, environment.backend, about) : [];
  if (freshSamples > 0) {
    const unseen = networkOn(task, environment, 'fresh', files.freshInputs!, files.freshLabels!);
    marks.push(observe(task, environment, unseen, 'fresh'));
  }
  return { replicate: 0, marks, heatMaps, freshSamples, diverged: null, files: [] };
}

function networkOn(
  { settings, files, freshSamples }: CheckpointTask,
  { workspace: workspaceOf }: TaskEnvironment,
  data: 'train' | 'fresh',
  inputsFile: string,
  labelsFile: string,
): Draw {
  const own: DrawSettings = data === 'train' ? settings : { ...settings, samples: freshSamples };
  const workspace = workspaceOf(own.dimension, own.samples);
  workspace.inputs.set(readArrayFile(inputsFile).data);
  return drawFromParts({
    settings: own,
    workspace,
    labels: classNumbers(labelsFile, readArrayFile(labelsFile).data, own.classes),
    hiddenLayer: files.hiddenLayer === undefined ? new Float64Array(0) : readArrayFile(files.hiddenLayer).data,
    readout: readArrayFile(files.readout).data,
    wanted: {},
  });
}

function observe(
  { step, files, spectra }: CheckpointTask,
  { backend }: TaskEnvironment,
  draw: Draw,
  data: MarkObservation['data'],
): MarkObservation {
  const directions = files.directions === undefined ? {} : { directions: readArrayFile(files.directions).data };
  return observeNetwork(draw, {
    step,
    data,
    backend,
    gathersWeights: true,
    ...directions,
    ...(spectra ? { distances: 'layers' } : {}),
  });
}
