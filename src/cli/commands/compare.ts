import type { CompareResult } from '../../pipeline/compare/compare.js';
import type { ComparePower } from '../../pipeline/compare/power.js';
import { exitCodes } from '../exitCodes.js';
import { exact, keyValues } from '../numberTable.js';
import type { Command } from '../command.js';
import { modelOptions, text } from '../modelOptions.js';
import { printJson } from '../terminal.js';

interface CompareCommandOptions {
  json: boolean;
  seed: string;
  eigenvalues?: string;
  matrix?: string;
  directions?: string;
  row?: string;
  'weights-file'?: string;
  weights?: string;
  model?: string;
  loss?: string;
  layer?: string;
  block?: string;
  classes?: string;
  width?: string;
  'logit-variance'?: string;
  activation?: string;
  'aspect-ratio'?: string;
  fit?: string;
  'null-replicates': string;
  'null-table'?: string;
  level: string;
  backend: 'auto' | 'wasm' | 'native' | 'reference';
}

const { initialisation: _initialisation, ...withoutInitialisation } = modelOptions;

export const compare: Command<CompareCommandOptions> = {
  name: 'compare',
  summary: 'A Hessian or its eigenvalues from a file against a law, with a calibrated p-value',
  options: {
    eigenvalues: text('File of eigenvalues, one draw or one a row: .npy, .npz:name, .csv, .mtx'),
    matrix: text('Or of a symmetric matrix, same formats'),
    directions: text('Rows spanning what the weights depend on (W, or V of a linear model): exact test'),
    row: text('Of files with a draw in each row, this one alone, from 0'),
    'weights-file': text('The weights a_n as drawn, for each draw a row: the sharp test'),
    weights: text('Or their law, as value:mass,… [default: 1, the Marčenko–Pastur law]'),
    ...withoutInitialisation,
    model: { ...modelOptions.model, describe: 'Or a model of the paper' },
    'aspect-ratio': text('d/N; known from the weights when they are given'),
    fit: text('Fit by moments: scale, aspect-ratio, or both; the null is fitted again in every draw'),
    'null-replicates': { ...text('Draws of the hypothesis'), default: '199' },
    'null-table': text('File that keeps the draws of the hypothesis for the next comparison with it'),
    level: { ...text('Chance of a false alarm'), default: '0.01' },
    backend: { choices: ['auto', 'wasm', 'native', 'reference'], default: 'auto', describe: 'Linear algebra' },
  },
  examples: [
    ['compare --matrix h_w0_w0.npy --directions w.npy --weights-file a.npy', 'a Hessian block with its weights: exact'],
    [
      'compare --eigenvalues e.npy --model linear --loss ce --block diagonal --classes 10 --aspect-ratio 0.5',
      'against a law of the paper',
    ],
    [
      'compare --eigenvalues draws/output-diagonal_eigenvalues.npy --weights-file draws/output-diagonal_weights.npy',
      'all draws of limitlaw sample --save-weights together',
    ],
    ['compare --eigenvalues e.csv', 'only a spectrum: scale and aspect ratio fitted'],
  ],
  async run(options, terminal) {
    const { compareOptions } = await import('../../pipeline/compare/optionsFromText.js');
    const { runCompare } = await import('../../pipeline/compare/compare.js');
    const {
      'weights-file': weightsFile,
      'logit-variance': logitVariance,
      'aspect-ratio': aspectRatio,
      'null-replicates': nullReplicates,
      'null-table': nullTable,
      json,
      ...rest
    } = options;
    const result = await runCompare(
      compareOptions({ ...rest, weightsFile, logitVariance, aspectRatio, nullReplicates, nullTable }),
    );
    if (json) printJson(terminal, result);
    else {
      terminal.out(keyValues(factsOf(result, nullTable), terminal.columns));
      terminal.out(`\n${histogram(result.histogram, terminal.columns)}`);
    }
    return result.verdict === 'disagree' ? exitCodes.rejected : exitCodes.done;
  },
};

function factsOf(result: CompareResult, nullTable: string | undefined): [string, string][] {
  const { distances } = result;
  return [
    ['spectrum', result.source],
    ['hypothesis', result.hypothesis],
    ...Object.entries(result.fitted).map(([name, value]): [string, string] => [`fitted ${name}`, exact(value)]),
    ['aspect ratio d/N', exact(result.aspectRatio)],
    ['support', result.support.map(([lower, upper]) => `[${exact(lower)}, ${exact(upper)}]`).join(' ∪ ') || 'none'],
    ...result.atoms.map(({ at, mass }): [string, string] => [`atom at ${exact(at)}`, `mass ${exact(mass)}`]),
    ['Kolmogorov', `${exact(distances.kolmogorov)}   (d·D = ${exact(distances.kolmogorov * result.dimension)})`],
    ['Wasserstein-1, -2', `${exact(distances.wasserstein1)}, ${exact(distances.wasserstein2)}`],
    ['Cramér–von Mises', exact(distances.cramerVonMises)],
    ['Anderson–Darling', exact(distances.andersonDarling)],
    ...result.tests.map(({ id, pValue, adjusted, note }): [string, string] => [
      `p (${id})`,
      `${exact(pValue)}   (adjusted ${exact(adjusted)}${note === undefined ? '' : `; ${note}`})`,
    ]),
    ['null', `${result.tests[0]!.null}; beyond the largest of them a fitted tail`],
    [
      'void',
      `the textbook Kolmogorov p-value is ${exact(result.voidIidPValue)}: eigenvalues are not independent draws, so this is no p-value`,
    ],
    ...(nullTable === undefined
      ? []
      : [['null draws', `${result.nullFromTable ? 'taken from' : 'added to'} ${nullTable}`] as [string, string]]),
    ...result.powers.map(powerRow),
    ['verdict', `${result.verdict}. ${result.reason}`],
    ...result.notes.map((note): [string, string] => ['note', note]),
  ];
}

/** The interval is shown where draws leave doubt. */
function powerRow({ alternative, probability, draws, interval, required }: ComparePower): [string, string] {
  const doubt = probability < 1 ? `; 95 % interval ${interval.map((bound) => bound.toFixed(2)).join(' … ')}` : '';
  const shown = required ? '' : '; shown, not required: its law is the same';
  return ['power', `${probability.toFixed(2)} against ${alternative} (${draws} draws${doubt}${shown})`];
}

/** Bars of the spectrum, with a mark where the law expects their ends. */
function histogram(bins: readonly { from: number; observed: number; predicted: number }[], columns: number): string {
  const room = Math.max(20, Math.min(columns, 100) - 16);
  const tallest = Math.max(...bins.map(({ observed, predicted }) => Math.max(observed, predicted)), 1e-300);
  const lines = bins.map(({ from, observed, predicted }) => {
    const bar = '█'
      .repeat(Math.round((observed / tallest) * room))
      .padEnd(room + 1)
      .split('');
    bar[Math.round((predicted / tallest) * room)] = '│';
    return `${from.toPrecision(4).padStart(12)}  ${bar.join('').trimEnd()}`;
  });
  return `${lines.join('\n')}\n${' '.repeat(14)}█ eigenvalues  │ law\n`;
}
