import { activationNames, initialisations, losses, models } from '../../../theory/names.js';
import type { ActivationName, InitialisationName, Loss, Model } from '../../../theory/names.js';
import { exitCodes } from '../exitCodes.js';
import { text } from '../modelOptions.js';
import { interruptible } from '../interruptible.js';
import type { Command } from '../command.js';
import { printJson } from '../terminal.js';

interface SampleCommandOptions {
  json: boolean;
  seed: string;
  model: Model;
  loss: Loss;
  activation?: ActivationName;
  initialisation: InitialisationName;
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
    model: { choices: models, demandOption: true, describe: 'f = Vx, or f = V σ(Wx)' },
    loss: { choices: losses, default: 'ce', describe: 'Cross-entropy or squared error' },
    activation: { choices: activationNames, describe: 'Of the hidden model [default: relu]' },
    initialisation: {
      choices: initialisations,
      default: 'lecun',
      describe: 'Scheme of the weights',
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
    const { positiveNumber } = await import('../../pipeline/options/textOptions.js');
    const { UsageError } = await import('../../../theory/errors.js');
    if (options.model === 'hidden' && options.width === undefined)
      throw new UsageError('--width must be given with --model hidden: a whole number of at least 1');
    if (options.model === 'linear' && options.width !== undefined)
      throw new UsageError('--width is for --model hidden: leave it out');
    if (options.model === 'linear' && options.activation !== undefined)
      throw new UsageError('--activation is for --model hidden: leave it out');
    const size = (name: string, value: string, smallest: number) => wholeNumber(name, value, smallest, 1e9);
    return interruptible(terminal, async (signal, progress) => {
      const result = await runSample({
        settings: {
          model: options.model,
          loss: options.loss,
          activation: options.activation ?? 'relu',
          initialisation: options.initialisation,
          dimension: size('--dimension', options.dimension, 1),
          samples: size('--samples', options.samples, 1),
          classes: size('--classes', options.classes, 2),
          width: options.width === undefined ? 0 : size('--width', options.width, 1),
        },
        logitVariance:
          options['logit-variance'] === undefined
            ? undefined
            : positiveNumber('--logit-variance', options['logit-variance']),
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
