import { blockKinds, modelsThat, modelsWith, takesLogitVariance } from '../../../theory/names.js';
import { UsageError } from '../../../theory/errors.js';
import type { Command } from '../command.js';
import {
  curvatureOption,
  drawnModelOptions,
  drawnSizeOptions,
  logitPrecisionOption,
  modelOptions,
  number,
  rootSeed,
  text,
} from '../modelOptions.js';
import { runOptions } from '../runOptions.js';
import type { RunOptions } from '../runOptions.js';

interface SampleCommandOptions extends RunOptions {
  seed: string;
  model?: string;
  loss: string;
  curvature?: string;
  activation?: string;
  initialisation?: string;
  dimension?: string;
  samples?: string;
  classes?: string;
  width?: string;
  depth?: string;
  layer?: string;
  block?: string;
  'logit-variance'?: string;
  'logit-precision'?: string;
  replicates: string;
  'save-weights': boolean;
  'save-blocks': boolean;
}

export const sample: Command<SampleCommandOptions> = {
  name: 'sample',
  summary: 'Draw Hessian blocks at initialisation and write their spectra as .npy',
  options: {
    ...drawnModelOptions,
    curvature: curvatureOption,
    ...drawnSizeOptions,
    width: text(`m, hidden width (${modelsWith('width')}); of deep n, or n_1,n_2,…`),
    depth: modelOptions.depth,
    layer: text(`One layer alone: ${modelOptions.layer.describe.split(': ')[1]}`),
    block: { choices: blockKinds, describe: 'One kind of block alone [default: both]' },
    'logit-variance': number(`Variance of a logit in place of a scheme (${modelsThat(takesLogitVariance)})`),
    'logit-precision': logitPrecisionOption,
    replicates: { ...number('Independent draws'), default: '10', defaultDescription: '10' },
    'save-weights': { type: 'boolean', default: false, describe: 'The drawn weights a_n as well' },
    'save-blocks': {
      type: 'boolean',
      default: false,
      describe: 'The blocks as well, with the directions their weights depend on',
    },
    ...runOptions,
    out: text('Folder for the files: new, empty, or that of this run cut short'),
    seed: rootSeed,
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
      'sample --model deep --depth 3 --width 64 --layer 2 --block off-diagonal --dimension 64 --samples 128 --classes 10 --out draws',
      'one kind of block of the second of three hidden layers',
    ],
    [
      'sample --model linear --dimension 200 --samples 400 --classes 10 --replicates 1 --save-weights --save-blocks --out draws',
      'with all that the exact test of compare takes',
    ],
  ],
  async run(options, terminal) {
    const { sampleJob } = await import('../../pipeline/sample/sampleJob.js');
    const { sampleRequest } = await import('../../pipeline/sample/sampleRequest.js');
    const { carryOut } = await import('../carryOut.js');
    const make = () => {
      requireGiven(options);
      return sampleJob(sampleRequest(options));
    };
    return carryOut(sample, options, make, 'sample', terminal);
  },
};

/** What --resume makes needless cannot be demanded of every command line. */
function requireGiven(options: SampleCommandOptions): void {
  const missing = (['model', 'dimension', 'samples', 'classes', 'out'] as const).filter(
    (name) => options[name] === undefined,
  );
  if (missing.length > 0)
    throw new UsageError(`${missing.map((name) => `--${name}`).join(', ')} must be given; see limitlaw sample --help`);
}
