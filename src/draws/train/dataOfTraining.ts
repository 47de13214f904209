/** The data of a training, and fresh data of the same kind: from a distribution, or rows of a data set. */
import { UsageError } from '../../../theory/errors.js';
import { labelTraits } from '../../../theory/names.js';
import { chooseRows, clusterLabels, dataRows, type InputOf } from '../../../simulations/inputs/index.js';
import type { InputSampler } from '../../../simulations/models/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import type { TrainingDrawOptions } from '../../../simulations/training/index.js';
import { readArrayFile } from '../../store/formats/index.js';
import { distributionOf, readDataSet, samplerFor } from '../inputsOfTask.js';
import { classNumbers } from './classNumbers.js';
import type { TrainingTask } from './trainContract.js';

export interface TrainingData {
  readonly options: TrainingDrawOptions;
  /** 0 where a data set has no row left. */
  readonly freshSamples: number;
  readonly freshOptions: TrainingDrawOptions;
}

type DataTask = Pick<TrainingTask, 'plan' | 'inputs' | 'labelsFile' | 'freshSamples' | 'seed' | 'replicate'>;

/**
 * @throws UsageError for a data set that is too small or of another width, and for labels that do not fit it
 */
export function dataOfTraining(task: DataTask): TrainingData {
  const { plan, inputs, freshSamples, seed, replicate } = task;
  const { dimension } = plan.settings;
  const distribution = distributionOf({ inputs, settings: plan.settings });
  if (distribution.kind === 'data') return dataOfRows(task, distribution);
  if (distribution.kind === 'gaussian') return { options: {}, freshSamples, freshOptions: {} };
  const sampler = samplerFor(distribution, dimension, task);
  // What all inputs of a training share, the centres of a mixture say, comes from its own stream.
  const fresh: InputSampler = (workspace, stream) =>
    sampler(workspace, stream, randomStream(seed, 'inputs', replicate));
  const labelled = (count: number): Pick<TrainingDrawOptions, 'labels'> =>
    distribution.kind === 'clusters' && labelTraits[plan.labels].inputs === distribution.kind
      ? { labels: clusterLabels(count, distribution.components, plan.settings.classes) }
      : {};
  return {
    options: { inputs: sampler, ...labelled(plan.settings.samples) },
    freshSamples,
    freshOptions: { inputs: fresh, ...labelled(freshSamples) },
  };
}

/** Fresh samples are rows that the training has not: the same at every mark. */
function dataOfRows(task: DataTask, data: InputOf<'data'>): TrainingData {
  const { plan, seed, replicate } = task;
  const { dimension, samples } = plan.settings;
  const { count } = data;
  if (samples > count)
    throw new UsageError(
      `inputs: N = ${samples} samples are needed but ${task.inputs.file} has ${count} rows, chosen without replacement. Lower N or give more data.`,
    );
  const freshSamples = Math.min(task.freshSamples, count - samples);
  const source = dataRows(data, dimension);
  const labels = plan.labels === 'file' ? labelsOfRows(task, count) : undefined;
  const rows = chooseRows(count, samples + freshSamples, randomStream(seed, 'inputs', replicate));
  const part = (own: Int32Array): TrainingDrawOptions => ({
    inputs: ({ inputs }) =>
      own.forEach((row, n) => inputs.set(source.subarray(row * dimension, (row + 1) * dimension), n * dimension)),
    ...(labels === undefined ? {} : { labels: own.map((row) => labels[row]!) }),
  });
  return { options: part(rows.subarray(0, samples)), freshSamples, freshOptions: part(rows.subarray(samples)) };
}

function labelsOfRows({ inputs, labelsFile, plan }: DataTask, count: number): Int32Array {
  const source = labelsFile ?? inputs.file!;
  const values = labelsFile === undefined ? readDataSet(inputs).labels! : readArrayFile(labelsFile).data;
  if (values.length !== count)
    throw new UsageError(
      `labels: ${source} has ${values.length} labels and the data ${count} rows. Give one label a row.`,
    );
  return classNumbers(source, values, plan.settings.classes);
}
