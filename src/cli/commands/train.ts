import {
  activations,
  labelRules,
  models,
  modelTraits,
  optimiserNames,
  ratioModelNames,
  schedules,
  paperModels,
} from '../../../theory/names.js';
import { exitCodes } from '../exitCodes.js';
import type { Command } from '../command.js';
import { modelOptions, number, text } from '../modelOptions.js';
import { reportOptions, runOptions } from '../runOptions.js';
import type { RunOptions } from '../runOptions.js';
import { specOptions, specWords } from '../specOptions.js';

interface TrainCommandOptions extends RunOptions {
  spec?: string;
  seed?: string;
  checkpoints?: string;
  'print-spec': boolean;
  'print-schema': boolean;
}

const choices = <Name extends string>(names: readonly Name[], describe: string) => ({ choices: names, describe });

/** What is trained; one that is left out is that of the authors, scaled. */
const settings = {
  model: choices(
    [...models, ...ratioModelNames],
    `${paperModels.map((model) => modelTraits[model].formula).join(', or ')} [default: hidden]`,
  ),
  loss: { ...modelOptions.loss, describe: `${modelOptions.loss.describe} [default: ce]` },
  activation: { ...modelOptions.activation, describe: `Of the hidden model [default: ${Object.keys(activations)[0]}]` },
  initialisation: { ...modelOptions.initialisation, describe: 'Scheme of the weights [default: pytorch]' },
  dimension: number('d, length of an input [default: 100]'),
  samples: text('N, number of training samples, or a formula in d [default: 10*d]'),
  classes: text('C, number of classes, or a formula in d and N [default: d]'),
  width: number('m, hidden width (hidden model) [default: 8]'),
  inputs: text("A distribution, or '{distribution: data, file: …}' as in a sweep [default: gaussian]"),
  labels: choices(
    labelRules,
    'Independent of x, of a network of the same shape, of the data, or of clustered inputs [default: random]',
  ),
  'labels-file': text('One class a row of the data, from 0'),
  optimiser: choices(optimiserNames, 'Full batch, batches, each sample once, Adam [default: adam]'),
  'learning-rate': number('Of the first step [default: 0.005]'),
  schedule: choices(schedules, 'Of the learning rate [default: cosine]'),
  steps: number('Updates [default: 1000]'),
  batch: number('Samples of one update (sgd, one-pass) [default: 128]'),
  marks: text('When to look: shares 0,25,50,75,100%, steps 0,10,100, or how many [default: those shares]'),
  replicates: number('Independent trainings [default: 1]'),
  'fresh-samples': number('Number of fresh samples at a mark [default: N]'),
  'save-weights': { type: 'boolean', default: false, describe: 'Write X, y, and W and V at every mark, as .npy' },
  spectra: { type: 'boolean', default: false, describe: 'Distances of the blocks to their laws' },
  'heat-maps': { type: 'boolean', default: false, describe: 'Pictures of the Hessian at every mark, for figures' },
} as const;

export const train: Command<TrainCommandOptions> = {
  name: 'train [spec]',
  summary: 'Train networks and look at their Hessians along the way, on training and on fresh data',
  words: specWords,
  options: {
    ...settings,
    checkpoints: text('Look at networks trained elsewhere: a folder with X.npy, y.npy, W_<step>.npy, V_<step>.npy'),
    directions: text("Rows (k×d, .npy) that a teacher's labels depend on x through; with --checkpoints"),
    ...runOptions,
    ...reportOptions,
    ...specOptions,
  },
  examples: [
    ['train', "the authors' configuration, scaled to d = C = 100: half a minute"],
    ['train --loss mse --labels teacher --replicates 4', 'labels that can be learned, four times'],
    ['train train.yaml --shard 1/4 --out RUN', 'a quarter of the replicates; merge RUN joins all four'],
    ['train --checkpoints DIR --labels random', 'networks that PyTorch has trained'],
  ],
  async run(options, terminal) {
    if (options['print-spec'] || options['print-schema']) {
      const { printTrainSpec, trainSchema } = await import('../../specification/index.js');
      terminal.out(options['print-spec'] ? printTrainSpec() : `${JSON.stringify(trainSchema, undefined, 2)}\n`);
      return exitCodes.done;
    }
    const { trainJob } = await import('../../pipeline/train/trainJob.js');
    const { trainRequest } = await import('../../pipeline/train/trainRequest.js');
    const { carryOut } = await import('../carryOut.js');
    const { spec, seed, checkpoints } = options;
    const given = options as unknown as Readonly<Record<string, string | boolean | undefined>>;
    const words = Object.fromEntries([...Object.keys(settings), 'directions'].map((name) => [name, given[name]]));
    const make = () => trainJob(trainRequest({ spec, seed, checkpoints, options: words }));
    return carryOut(train, options, make, 'train', terminal);
  },
};
