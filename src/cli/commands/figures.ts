import { UsageError } from '../../../theory/errors.js';
import { counted } from '../../pipeline/counted.js';
import { blockValueNames, colourScaleNames, columnNames } from '../../pipeline/figures/matrixChoices.js';
import { blockTable } from '../blockTable.js';
import { exitCodes } from '../exitCodes.js';
import { browserChoice, number, text } from '../modelOptions.js';
import type { Command } from '../command.js';
import { printJson } from '../terminal.js';

interface FiguresOptions {
  json: boolean;
  only?: string;
  format: string;
  from?: string;
  matrix?: string;
  blocks?: string;
  names?: string;
  colours?: string;
  clip?: string;
  'block-values'?: string;
  out: string;
  column?: string;
  font?: string;
  panel?: string;
  browser?: string;
  width?: string;
  scale?: string;
  force: boolean;
}

/** Options that say something of a matrix. */
const ofMatrix = ['blocks', 'names', 'colours', 'clip', 'block-values'] as const;

export const figures: Command<FiguresOptions> = {
  name: 'figures',
  summary: 'Draw the figures of a run folder, or a heat map of your own matrix, without simulating anything',
  options: {
    from: text(
      'Run folder of check, sweep, train, head or blocks, or several of train or of head with commas between [default: the newest in limitlaw-runs]',
    ),
    matrix: text('In place of a run: a symmetric matrix, a Hessian say (.npy, .npz, .csv, .mtx)'),
    blocks: text('Blocks of --matrix, counts x sizes or sizes: 8x500,500x8, or 100,100,50'),
    names: text('Names of the groups of --blocks (w,v), or of each block'),
    colours: {
      choices: colourScaleNames,
      describe: 'Of --matrix; linear ones end at max |H| / clip, as the authors draw [default: logarithmic]',
    },
    clip: number('Where linear colours end, 1 for nowhere [default: 100]'),
    'block-values': {
      choices: blockValueNames,
      describe: 'What the picture of the blocks shows [default: root-mean-square, Frobenius norm / √entries]',
    },
    only: text('Ids of figures, separated by commas'),
    column: { choices: columnNames, describe: 'Width of the figures, 3.5 or 7.16 in [default: as each needs]' },
    font: text('Family of the type, as your paper has it [default: Arial]'),
    panel: text('Number or name of the one panel to draw, of the one figure of --only'),
    format: { ...text('html, svg, png, pdf, separated by commas'), default: 'html' },
    out: { ...text('Folder for the files'), default: 'figures-out' },
    browser: text('Chrome or Chromium for svg, png, pdf'),
    width: number('Width of a png in pixels'),
    scale: number('Pixels of a png for each CSS pixel'),
    force: { type: 'boolean', default: false, describe: 'Replace files that are there' },
  },
  examples: [
    ['figures --from limitlaw-runs/RUN --format svg,pdf', 'every figure that the run can fill'],
    ['figures --from C30,C100,C300 --only ratios-along-training', 'several trainings in one figure'],
    ['figures --matrix H.npy --blocks 8x500,500x8 --names w,v --colours linear', 'your own Hessian, 8 rows w, 500 v'],
    [
      'figures --only ratio-against-classes --panel 2 --column single --format pdf --font "Times New Roman"',
      'one panel for a paper, its caption and its numbers beside it',
    ],
  ],
  async run(options, terminal) {
    const positive = (name: string, text: string | undefined): number | undefined => {
      if (text === undefined) return undefined;
      const value = Number(text);
      if (!(value > 0 && Number.isFinite(value)))
        throw new UsageError(`${name} must be a positive number, got '${text}'`);
      return value;
    };
    const wanted = {
      ids: options.only?.split(',').map((id) => id.trim()),
      formats: options.format.split(',').map((format) => format.trim()),
      out: options.out,
      browser: browserChoice(options.browser),
      width: positive('--width', options.width),
      scale: positive('--scale', options.scale),
      column: options.column,
      font: options.font,
      panel: options.panel,
      overwrite: options.force,
      onFile: (path: string) => terminal.err(`wrote ${path}\n`),
    };
    const given = ofMatrix.filter((name) => options[name] !== undefined);
    if (options.matrix !== undefined) {
      if (options.from !== undefined)
        throw new UsageError('figures: give either --from or --matrix, a run or a matrix of your own');
      const { drawMatrixFigures } = await import('../../pipeline/figures/matrixFigures.js');
      const { blocks, names, colours, matrix } = options;
      const asked = { matrix, blocks, names, colours, clip: positive('--clip', options.clip) };
      const drawn = await drawMatrixFigures({ ...wanted, ...asked, blockValues: options['block-values'] });
      if (options.json) printJson(terminal, { kind: 'figures', ...drawn });
      else
        terminal.out(
          `${blockTable(drawn, terminal.columns)}${counted(drawn.files.length, 'file')} in ${options.out}\n`,
        );
      return exitCodes.done;
    }
    if (given.length > 0)
      throw new UsageError(
        `--${given[0]} is of a matrix of your own: give it with --matrix, or leave --${given[0]} out`,
      );
    const { drawFigures } = await import('../../pipeline/figures/drawFigures.js');
    const { files, skipped } = await drawFigures({ ...wanted, run: options.from });
    if (options.json) printJson(terminal, { kind: 'figures', files, skipped });
    else {
      terminal.out(`${counted(files.length, 'file')} in ${options.out}\n`);
      for (const { id, needs } of skipped) terminal.err(`left out ${id}: it needs ${needs}\n`);
    }
    return exitCodes.done;
  },
};
