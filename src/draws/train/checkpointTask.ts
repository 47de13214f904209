/** A network that was trained elsewhere, looked at from its files. */
import type { DrawSettings } from '../../../simulations/contracts.js';
import { drawFromParts } from '../../../simulations/models/index.js';
import { readArrayFile } from '../../store/formats/index.js';
import type { TaskEnvironment } from '../environment.js';
import { classNumbers } from './classNumbers.js';
import { observeNetwork } from './observeNetwork.js';
import type { CheckpointTask, TrainTaskResult } from './trainContract.js';

export function examineCheckpoint(task: CheckpointTask, environment: TaskEnvironment): TrainTaskResult {
  const { files, freshSamples } = task;
  const marks = [look(task, environment, 'train', files.inputs, files.labels)];
  if (freshSamples > 0) marks.push(look(task, environment, 'fresh', files.freshInputs!, files.freshLabels!));
  return { replicate: 0, marks, freshSamples, diverged: null, files: [] };
}

function look(
  { step, settings, files, freshSamples, spectra }: CheckpointTask,
  { backend, workspace: workspaceOf }: TaskEnvironment,
  data: 'train' | 'fresh',
  inputsFile: string,
  labelsFile: string,
) {
  const own: DrawSettings = data === 'train' ? settings : { ...settings, samples: freshSamples };
  const workspace = workspaceOf(own.dimension, own.samples);
  workspace.inputs.set(readArrayFile(inputsFile).data);
  const draw = drawFromParts({
    settings: own,
    workspace,
    labels: classNumbers(labelsFile, readArrayFile(labelsFile).data, own.classes),
    hiddenLayer: files.hiddenLayer === undefined ? new Float64Array(0) : readArrayFile(files.hiddenLayer).data,
    readout: readArrayFile(files.readout).data,
    wanted: {},
  });
  const directions = files.directions === undefined ? {} : { directions: readArrayFile(files.directions).data };
  return observeNetwork(draw, { step, data, backend, ...directions, ...(spectra ? { distances: 'layers' } : {}) });
}
