import { UsageError } from '../../../theory/errors.js';
import { exitCodes } from '../exitCodes.js';
import type { Command } from '../command.js';
import { printJson } from '../terminal.js';

interface FiguresOptions {
  json: boolean;
  only?: string;
  format: string;
  from?: string;
  out: string;
  browser?: string;
  width?: string;
  scale?: string;
  force: boolean;
}

export const figures: Command<FiguresOptions> = {
  name: 'figures',
  summary: 'Draw the figures of the paper from a run folder, without simulating anything',
  options: {
    from: {
      type: 'string',
      requiresArg: true,
      describe:
        'Run folder of check, sweep or train, or several of train with commas between [default: the newest in limitlaw-runs]',
    },
    only: { type: 'string', requiresArg: true, describe: 'Ids of figures, separated by commas' },
    format: {
      type: 'string',
      default: 'html',
      requiresArg: true,
      describe: 'html, svg, png, pdf, separated by commas',
    },
    out: { type: 'string', default: 'figures-out', requiresArg: true, describe: 'Folder for the files' },
    browser: { type: 'string', requiresArg: true, describe: 'Chrome or Chromium for svg, png, pdf' },
    width: { type: 'string', requiresArg: true, describe: 'Width of a png in pixels' },
    scale: { type: 'string', requiresArg: true, describe: 'Pixels of a png for each CSS pixel' },
    force: { type: 'boolean', default: false, describe: 'Replace files that are there' },
  },
  examples: [
    ['figures --from limitlaw-runs/RUN --format svg,pdf', 'every figure that the run can fill'],
    ['figures --from C30,C100,C300 --only ratios-along-training', 'several trainings in one figure'],
    ['figures --only ratio-against-classes --format png --scale 3', 'one figure of the newest run'],
  ],
  async run(options, terminal) {
    const { drawFigures } = await import('../../pipeline/figures/drawFigures.js');
    const positive = (name: string, text: string | undefined): number | undefined => {
      if (text === undefined) return undefined;
      const value = Number(text);
      if (!(value > 0 && Number.isFinite(value)))
        throw new UsageError(`${name} must be a positive number, got '${text}'`);
      return value;
    };
    const { files, skipped } = await drawFigures({
      run: options.from,
      ids: options.only?.split(',').map((id) => id.trim()),
      formats: options.format.split(',').map((format) => format.trim()),
      out: options.out,
      browser: {
        ...(options.browser === undefined ? {} : { path: options.browser }),
        environment: process.env,
        platform: process.platform,
      },
      width: positive('--width', options.width),
      scale: positive('--scale', options.scale),
      overwrite: options.force,
      onFile: (path) => terminal.err(`wrote ${path}\n`),
    });
    if (options.json) printJson(terminal, { kind: 'figures', files, skipped });
    else {
      terminal.out(`${files.length} files in ${options.out}\n`);
      for (const { id, needs } of skipped) terminal.err(`left out ${id}: it needs ${needs}\n`);
    }
    return exitCodes.done;
  },
};
