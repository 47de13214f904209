import { blockValueNames, colourScaleNames } from '../../pipeline/figures/matrixChoices.js';
import type { BackendName } from '../../../simulations/contracts.js';
import { UsageError } from '../../../theory/errors.js';
import { counted } from '../../pipeline/counted.js';
import { blockTable } from '../blockTable.js';
import type { Command } from '../command.js';
import { exitCodes } from '../exitCodes.js';
import {
  browserChoice,
  drawnModelOptions,
  drawnSizeOptions,
  figureOptions,
  modelOptions,
  number,
  rootSeed,
  text,
} from '../modelOptions.js';
import { runOptions } from '../runOptions.js';
import { printJson } from '../terminal.js';

interface HessianOptions {
  json: boolean;
  model?: string;
  loss: string;
  activation?: string;
  initialisation?: string;
  dimension?: string;
  samples?: string;
  classes?: string;
  width?: string;
  depth?: string;
  seed: string;
  colours?: string;
  clip?: string;
  'block-values'?: string;
  only?: string;
  format: string;
  out: string;
  column?: string;
  font?: string;
  browser?: string;
  backend: BackendName | 'auto';
  force: boolean;
}

const { column, font, browser } = figureOptions('the Hessian');

export const hessian: Command<HessianOptions> = {
  name: 'hessian',
  summary: 'Draw a network at initialisation and its whole Hessian: a heat map, and its blocks in numbers',
  options: {
    ...drawnModelOptions,
    ...drawnSizeOptions,
    width: modelOptions.width,
    depth: modelOptions.depth,
    seed: rootSeed,
    colours: {
      choices: colourScaleNames,
      describe: 'Linear ones end at max |H| / clip, as the authors draw [default: logarithmic]',
    },
    clip: number('Where linear colours end, 1 for nowhere [default: 100]'),
    'block-values': {
      choices: blockValueNames,
      describe: 'What the picture of the blocks shows [default: root-mean-square, Frobenius norm / √entries]',
    },
    only: text('Ids of figures, separated by commas: matrix-heat-map, block-values'),
    format: { ...text('html, svg, png, pdf, separated by commas'), default: 'html' },
    out: { ...text('Folder for the files'), default: 'figures-out' },
    column,
    font,
    browser,
    backend: runOptions.backend,
    force: { type: 'boolean', default: false, describe: 'Replace files that are there' },
  },
  examples: [
    [
      'hessian --model deep --depth 4 --width 50 --dimension 50 --samples 50 --classes 50 --initialisation he --format png',
      'four hidden layers: striped between neighbours, dense between layers further apart',
    ],
    [
      'hessian --model hidden --loss mse --width 8 --dimension 50 --samples 100 --classes 20 --colours linear',
      'one hidden layer, in the colours of the authors',
    ],
  ],
  async run(options, terminal) {
    const missing = (['model', 'dimension', 'samples', 'classes'] as const).filter(
      (name) => options[name] === undefined,
    );
    if (missing.length > 0)
      throw new UsageError(
        `${missing.map((name) => `--${name}`).join(', ')} must be given; see limitlaw hessian --help`,
      );
    const { drawHessianFigures } = await import('../../pipeline/figures/hessianFigures.js');
    const { positiveNumber } = await import('../../pipeline/options/textOptions.js');
    const { model, loss, activation, initialisation, dimension, samples, classes, width, depth } = options;
    const { seed, colours, clip, backend, format, out, force } = options;
    const drawn = await drawHessianFigures({
      network: { model, loss, activation, initialisation, dimension, samples, classes, width, depth },
      ...{ seed, backend, colours, blockValues: options['block-values'] },
      clip: clip === undefined ? undefined : positiveNumber('--clip', clip),
      ids: options.only?.split(',').map((id) => id.trim()),
      formats: format.split(',').map((each) => each.trim()),
      ...{ out, overwrite: force, width: undefined, scale: undefined },
      ...{ column: options.column, font: options.font, browser: browserChoice(options.browser) },
      onPlan: (order) => terminal.err(`drawing a Hessian of order ${order}\n`),
      onFile: (path) => terminal.err(`wrote ${path}\n`),
    });
    if (options.json) printJson(terminal, { kind: 'hessian', ...drawn });
    else terminal.out(`${blockTable(drawn, terminal.columns)}${counted(drawn.files.length, 'file')} in ${out}\n`);
    return exitCodes.done;
  },
};
