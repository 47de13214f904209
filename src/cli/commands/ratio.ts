import { exitCodes } from '../exitCodes.js';
import { keyValues, numberTable } from '../numberTable.js';
import type { Command } from '../command.js';
import { featureLaws } from '../../../theory/names.js';
import { grouped, modelOptions, number, text } from '../modelOptions.js';
import { printJson, type Terminal } from '../terminal.js';
import type { DeepReport } from '../../pipeline/ratio/deepRatio.js';
import type { RatioReport } from '../../pipeline/ratio/ratioReport.js';
import type { UnigramReport } from '../../pipeline/ratio/unigramReport.js';

interface RatioOptions {
  json: boolean;
  csv: boolean;
  model?: string;
  loss?: string;
  layer?: string;
  classes?: string;
  width?: string;
  depth?: string;
  'logit-variance'?: string;
  activation?: string;
  initialisation?: string;
  'aspect-ratio'?: string;
  features?: string;
  covariance?: string;
  dimension?: string;
  'unigram-file'?: string;
  zipf?: string;
}

const { block: _block, readout: _readout, pair: _pair, depth: _depth, ...withoutBlock } = modelOptions;

export const ratio: Command<RatioOptions> = {
  name: 'ratio',
  summary: 'Ratio of squared Frobenius norms, off-diagonal over diagonal, exact at each C, and its limit',
  options: {
    ...withoutBlock,
    layer: text('Of hidden: hidden or output; of deep: from 1 to its depth [default: all]'),
    width: text('Hidden width m; of deep n, or n_1,n_2,…; inf for its limit'),
    classes: text('Numbers of classes, separated by commas; inf for the limit'),
    'aspect-ratio': number('d/N (required but with a file of features)'),
    csv: { type: 'boolean', default: false, describe: 'The rows as CSV' },
    ...grouped('A head f = Vh, with --model head:', {
      features: text(`${featureLaws.join(', ')}, or a file of h, N×D`),
      dimension: number('D; of deep d [default: inf]'),
      covariance: text('Of gaussian and rms: a for eigenvalues ∝ 1/k^a, or a file [default: 0]'),
    }),
    ...grouped('A ReLU network of several hidden layers at initialisation, with --model deep:', {
      depth: number('L, its hidden layers, if --width is one number'),
    }),
    ...grouped('A head whose predictions are the same for every input:', {
      zipf: number('q ∝ rank^−α: the exponent α'),
      'unigram-file': text('q ∝ the counts in a file'),
    }),
  },
  examples: [
    ['ratio --model linear --loss ce --classes 2,10,100,inf --aspect-ratio 0.5', 'C² r and its limit'],
    [
      'ratio --model hidden --loss ce --layer hidden --width 8 --classes 10,1000,inf --aspect-ratio 0.5',
      'C r and its limit',
    ],
    [
      'ratio --model head --features rms --dimension 96 --covariance 1 --classes 10,10000,inf --aspect-ratio 0.5',
      'A head at initialisation, features of one length',
    ],
    [
      'ratio --model deep --loss mse --depth 3 --width 128 --dimension 128 --classes 10,1000,inf --aspect-ratio 1',
      'Three hidden layers, all but the last saturated',
    ],
    ['ratio --zipf 1 --classes 1000,50257', 'A head that predicts word frequencies'],
  ],
  async run({ json, csv, ...options }, terminal) {
    const {
      'logit-variance': logitVariance,
      'aspect-ratio': aspectRatio,
      'unigram-file': unigramFile,
      zipf,
      ...rest
    } = options;
    const words = { ...rest, logitVariance, aspectRatio, unigramFile, zipf };
    if (zipf !== undefined || unigramFile !== undefined) {
      const { unigramReport } = await import('../../pipeline/ratio/unigramReport.js');
      const report = unigramReport(words);
      if (json) printJson(terminal, report);
      else printUnigram(report, csv, terminal);
      return exitCodes.done;
    }
    const { ratioCommand } = await import('../../pipeline/ratio/ratioCommand.js');
    const report = await ratioCommand(words);
    if (json) printJson(terminal, report);
    else if ('widths' in report) printDeep(report, csv, terminal);
    else printRatio(report, csv, terminal);
    return exitCodes.done;
  },
};

function printRatio({ exponent, rows, note }: RatioReport, csv: boolean, terminal: Terminal): void {
  const hasPopulation = rows.some(({ population }) => population !== undefined);
  const cells = rows.map(({ classes, ratio: value, ratioError, scaled, limit, population }) => [
    classes,
    value,
    ratioError,
    scaled,
    limit,
    ...(hasPopulation ? [population ?? ''] : []),
  ]);
  if (csv) {
    const heads = ['classes', 'ratio', 'ratio_error', 'scaled', 'limit', ...(hasPopulation ? ['population'] : [])];
    printCsv(heads, cells, terminal);
    return;
  }
  const scaledName = exponent === 1 ? 'C·r' : 'C²·r';
  const heads = ['C', 'r', 'error', scaledName, 'limit', ...(hasPopulation ? ['population'] : [])];
  terminal.out(numberTable(heads, cells));
  if (note !== undefined) terminal.out(keyValues([['note', note]], terminal.columns));
}

function printDeep({ rows, note }: DeepReport, csv: boolean, terminal: Terminal): void {
  const cells = rows.map(({ layer, classes, ratio: value, ratioError, scaled, limit, floor, effectiveOutputs }) => [
    layer,
    classes,
    value,
    ratioError,
    scaled,
    limit,
    floor,
    effectiveOutputs,
  ]);
  if (csv) {
    const heads = ['layer', 'classes', 'ratio', 'ratio_error', 'scaled', 'limit', 'floor', 'effective_outputs'];
    printCsv(heads, cells, terminal);
    return;
  }
  const sixDigits = cells.map((row) =>
    row.map((cell) => (typeof cell === 'number' ? Number(cell.toPrecision(6)) : cell)),
  );
  terminal.out(numberTable(['layer', 'C', 'r', 'error', 'C·r', 'limit', 'floor', 'C_eff'], sixDigits));
  terminal.out(keyValues([['note', note]], terminal.columns));
}

function printUnigram({ rows }: UnigramReport, csv: boolean, terminal: Terminal): void {
  const hasExponent = rows.some(({ exponent }) => exponent !== undefined);
  const cells = rows.map(({ classes, t, ratio: value, scaled, effectiveClasses, exponent }) => [
    classes,
    t,
    value,
    scaled,
    effectiveClasses,
    ...(hasExponent ? [exponent ?? ''] : []),
  ]);
  if (csv) {
    const heads = ['classes', 't', 'ratio', 'scaled', 'effective_classes', ...(hasExponent ? ['exponent'] : [])];
    printCsv(heads, cells, terminal);
    return;
  }
  terminal.out(numberTable(['C', 't', 'r', 'C²·r', 'C_eff', ...(hasExponent ? ['exponent'] : [])], cells));
}

function printCsv(heads: readonly string[], rows: readonly (readonly (string | number)[])[], terminal: Terminal): void {
  terminal.out(`${[heads, ...rows.map((row) => row.map(String))].map((row) => row.join(',')).join('\n')}\n`);
}
