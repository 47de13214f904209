import { exitCodes } from '../exitCodes.js';
import { keyValues, numberTable } from '../numberTable.js';
import type { Command } from '../command.js';
import { modelOptions, number, text } from '../modelOptions.js';
import { printJson } from '../terminal.js';

interface RatioOptions {
  json: boolean;
  csv: boolean;
  model?: string;
  loss?: string;
  layer?: string;
  classes?: string;
  width?: string;
  'logit-variance'?: string;
  activation?: string;
  initialisation?: string;
  'aspect-ratio'?: string;
}

const { block: _block, readout: _readout, pair: _pair, ...withoutBlock } = modelOptions;

export const ratio: Command<RatioOptions> = {
  name: 'ratio',
  summary: 'Ratio of squared Frobenius norms, off-diagonal over diagonal, exact at each C, and its limit',
  options: {
    ...withoutBlock,
    classes: text('Numbers of classes, separated by commas; inf for the limit'),
    'aspect-ratio': number('d/N (required)'),
    csv: { type: 'boolean', default: false, describe: 'The rows as CSV' },
  },
  examples: [
    ['ratio --model linear --loss ce --classes 2,10,100,inf --aspect-ratio 0.5', 'C² r and its limit'],
    [
      'ratio --model hidden --loss ce --layer hidden --width 8 --classes 10,1000,inf --aspect-ratio 0.5',
      'C r and its limit',
    ],
  ],
  async run(options, terminal) {
    const { ratioCommand } = await import('../../pipeline/law/ratioCommand.js');
    const { 'logit-variance': logitVariance, 'aspect-ratio': aspectRatio, json: _json, csv: _csv, ...rest } = options;
    const report = await ratioCommand({
      ...rest,
      aspectRatio: aspectRatio ?? '',
      ...(logitVariance === undefined ? {} : { logitVariance }),
    });
    const scaledName = report.exponent === 1 ? 'C·r' : 'C²·r';
    if (options.json) printJson(terminal, report);
    else if (options.csv) {
      terminal.out('classes,ratio,ratio_error,scaled,limit\n');
      for (const row of report.rows)
        terminal.out(`${[row.classes, row.ratio, row.ratioError, row.scaled, row.limit].map(String).join(',')}\n`);
    } else {
      terminal.out(
        numberTable(
          ['C', 'r', 'error', scaledName, 'limit'],
          report.rows.map(({ classes, ratio: value, ratioError, scaled, limit }) => [
            classes,
            value,
            ratioError,
            scaled,
            limit,
          ]),
        ),
      );
      if (report.note !== undefined) terminal.out(keyValues([['note', report.note]], terminal.columns));
    }
    return exitCodes.done;
  },
};
