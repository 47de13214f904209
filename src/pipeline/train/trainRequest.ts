/** From words to what is trained, or looked at, as plain data. */
import { dirname, resolve } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import { loadTrainSpec, parseWithLines, trainSpecOf, type Place, type TrainSpec } from '../../specification/index.js';
import { readBytes } from '../../store/formats/index.js';
import { checkpointRequest } from './checkpointRequest.js';
import type { TrainRequest, TrainWords } from './request.js';

/** Fields of a specification, by the options that say the same. */
export const trainFields = {
  model: 'model',
  loss: 'loss',
  activation: 'activation',
  initialisation: 'initialisation',
  dimension: 'd',
  samples: 'N',
  classes: 'C',
  width: 'm',
  inputs: 'inputs',
  labels: 'labels',
  'labels-file': 'labelsFile',
  optimiser: 'optimiser',
  'learning-rate': 'learningRate',
  schedule: 'schedule',
  steps: 'steps',
  batch: 'batch',
  marks: 'marks',
  replicates: 'replicates',
  'fresh-samples': 'freshSamples',
  'save-weights': 'saveWeights',
  spectra: 'spectra',
  'heat-maps': 'heatMaps',
} as const;

/**
 * @throws UsageError for words that do not parse, contradict each other or would be ignored
 */
export function trainRequest({ spec, seed, checkpoints, options }: TrainWords): TrainRequest {
  const given = Object.keys(options).filter((name) => options[name] !== undefined && options[name] !== false);
  if (checkpoints !== undefined) {
    if (spec !== undefined)
      throw new UsageError('--checkpoints reads networks that are trained: leave the specification out');
    return checkpointRequest(checkpoints, options, given);
  }
  if (given.includes('directions'))
    throw new UsageError('--directions goes with --checkpoints: a training here knows its own teacher; leave it out');
  if (spec !== undefined) {
    if (given.length > 0)
      throw new UsageError(
        `--${given[0]} and a specification both say what is trained: write it into '${spec}', or leave the specification out`,
      );
    const path = resolve(spec);
    return requestOf(loadTrainSpec(new TextDecoder().decode(readBytes(spec)), spec), dirname(path), seed);
  }
  return requestOf(specOfOptions(options, given), resolve(''), seed);
}

function specOfOptions(options: TrainWords['options'], given: readonly string[]): TrainSpec {
  const optionOf = Object.fromEntries(Object.entries(trainFields).map(([option, field]) => [field, option]));
  const place: Place = ([field, ...rest]) =>
    field === undefined ? 'train' : [`--${optionOf[field] ?? field}`, ...rest].join('.');
  const value = Object.fromEntries(
    given.map((option) => [trainFields[option as keyof typeof trainFields], valueOf(option, options[option]!)]),
  );
  return trainSpecOf(value, place);
}

/** Text as a specification would read it. */
function valueOf(option: string, text: string | boolean): unknown {
  if (typeof text === 'boolean') return text;
  if (option === 'inputs' && text.trim().startsWith('{')) return parseWithLines(text, '--inputs').value;
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function requestOf(spec: TrainSpec, folder: string, given: string | undefined): TrainRequest {
  const { plan, replicates, freshSamples, saveWeights, spectra, heatMaps } = spec;
  const { settings, labels, ...rest } = plan;
  const seed = given ?? spec.seed ?? '1';
  const inputs = {
    ...spec.inputs,
    ...(spec.inputs.file === undefined ? {} : { file: resolve(folder, spec.inputs.file) }),
  };
  const labelsFile = spec.labelsFile === undefined ? undefined : resolve(folder, spec.labelsFile);
  return {
    about: { title: spec.name, seed, settings, plan: rest, labels, inputs: { ...spec.inputs }, replicates },
    training: { kind: 'training', plan, inputs, labelsFile, freshSamples, saveWeights, spectra, heatMaps, seed },
    checkpoints: [],
    files: [inputs.file, labelsFile].filter((file) => file !== undefined),
  };
}
