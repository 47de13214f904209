import { models, modelTraits, paperActivation, paperInitialisation } from '../../../theory/names.js';
import { exitCodes } from '../exitCodes.js';
import { modelOptions, text } from '../modelOptions.js';
import { interruptible } from '../interruptible.js';
import type { Command } from '../command.js';
import { printJson } from '../terminal.js';

interface SampleCommandOptions {
  json: boolean;
  seed: string;
  model: string;
  loss: string;
  activation?: string;
  initialisation?: string;
  dimension: string;
  samples: string;
  classes: string;
  width?: string;
  'logit-variance'?: string;
  replicates: string;
  'save-weights': boolean;
  'save-blocks': boolean;
  backend: 'auto' | 'wasm' | 'native' | 'reference';
  out: string;
}

export const sample: Command<SampleCommandOptions> = {
  name: 'sample',
  summary: 'Draw Hessian blocks at initialisation and write their spectra as .npy',
  options: {
    model: {
      ...modelOptions.model,
      demandOption: true,
      describe: models.map((model) => modelTraits[model].formula).join(', or '),
    },
    loss: { ...modelOptions.loss, default: 'ce' },
    activation: { ...modelOptions.activation, describe: `Of the hidden model [default: ${paperActivation}]` },
    initialisation: {
      ...modelOptions.initialisation,
      describe: `Scheme of the weights [default: ${paperInitialisation}]`,
    },
    dimension: { ...text('d, length of an input'), demandOption: true },
    samples: { ...text('N, number of inputs'), demandOption: true },
    classes: { ...text('C, number of classes'), demandOption: true },
    width: text('m, hidden width (hidden model)'),
    'logit-variance': text('Variance of a logit in place of a scheme (linear model)'),
    replicates: { ...text('Independent draws'), default: '10' },
    'save-weights': { type: 'boolean', default: false, describe: 'The drawn weights a_n as well' },
    'save-blocks': {
      type: 'boolean',
      default: false,
      describe: 'The blocks as well, with the directions their weights depend on',
    },
    backend: { choices: ['auto', 'wasm', 'native', 'reference'], default: 'auto', describe: 'Linear algebra' },
    out: { ...text('New or empty folder for the files'), demandOption: true },
  },
  examples: [
    [
      'sample --model linear --dimension 500 --samples 1000 --classes 10 --replicates 20 --out draws',
      'spectra of both blocks',
    ],
    [
      'sample --model hidden --dimension 200 --samples 400 --classes 10 --width 8 --save-weights --out draws',
      'with the weights, for compare',
    ],
    [
      'sample --model linear --dimension 200 --samples 400 --classes 10 --replicates 1 --save-weights --save-blocks --out draws',
      'with all that the exact test of compare takes',
    ],
  ],
  async run(options, terminal) {
    const { runSample } = await import('../../pipeline/sample/runSample.js');
    const { wholeNumber } = await import('../../pipeline/options/wholeNumber.js');
    const { modelChoice } = await import('../../pipeline/options/modelOptions.js');
    const { model, loss, activation, initialisation, width, logitVariance } = modelChoice({
      model: options.model,
      loss: options.loss,
      activation: options.activation,
      initialisation: options.initialisation,
      width: options.width,
      logitVariance: options['logit-variance'],
    });
    const size = (name: string, value: string, smallest: number) => wholeNumber(name, value, smallest, 1e9);
    return interruptible(terminal, async (signal, progress) => {
      const result = await runSample({
        settings: {
          model,
          loss,
          activation: activation ?? paperActivation,
          initialisation: initialisation ?? paperInitialisation,
          dimension: size('--dimension', options.dimension, 1),
          samples: size('--samples', options.samples, 1),
          classes: size('--classes', options.classes, 2),
          width: width ?? 0,
        },
        logitVariance,
        replicates: size('--replicates', options.replicates, 1),
        saveWeights: options['save-weights'],
        saveBlocks: options['save-blocks'],
        seed: options.seed,
        backend: options.backend,
        out: options.out,
        signal,
        onProgress: (done, total) => progress.update({ done, total, label: '' }),
      });
      progress.stop();
      if (options.json) printJson(terminal, result);
      else
        for (const { name, shape, content } of result.files)
          terminal.out(`${name.padEnd(40)} (${shape.join(', ')})  ${content}\n`);
      terminal.err(`wrote ${result.files.length + 1} files to ${result.folder}\n`);
      return result.interrupted ? exitCodes.interrupted : exitCodes.done;
    });
  },
};
