import { comparisonFacts } from '../compareTable.js';
import { exitCodes } from '../exitCodes.js';
import { histogram } from '../histogram.js';
import { keyValues } from '../numberTable.js';
import type { Command } from '../command.js';
import { lawOptions, modelOptions, rootSeed, text } from '../modelOptions.js';
import { printJson } from '../terminal.js';

interface CompareCommandOptions {
  json: boolean;
  seed: string;
  eigenvalues?: string;
  matrix?: string;
  data?: string;
  centre: boolean;
  scale: boolean;
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
  initialisation?: string;
  population?: string;
  semicircle?: string;
  readout?: string;
  pair?: string;
  'independent-weights': boolean;
  'aspect-ratio'?: string;
  fit?: string;
  samples?: string;
  'noise-variance'?: string;
  centred: boolean;
  'null-replicates'?: string;
  'null-table'?: string;
  level: string;
  backend: 'auto' | 'wasm' | 'native' | 'reference';
}

/** Options of a spectrum with no law beside it. */
const alone = <Option extends object>(option: Option) => ({
  ...option,
  group: 'With a spectrum alone (no weights, no model): noise and spikes',
});

export const compare: Command<CompareCommandOptions> = {
  name: 'compare',
  summary: 'Eigenvalues or a matrix from a file: noise variance and spikes, or against a law; calibrated p-values',
  options: {
    eigenvalues: text('File of eigenvalues, one draw or one a row: .npy, .npz:name, .csv, .mtx'),
    matrix: text('Or of a symmetric matrix, same formats'),
    data: text('Or of samples, one a row, or of a weight matrix: its Gram matrix is taken'),
    centre: { type: 'boolean', default: false, describe: 'Subtract the mean of each column of the data: N − 1 for N' },
    scale: { type: 'boolean', default: false, describe: 'Divide each column by its standard deviation: correlations' },
    directions: text('Rows spanning what the weights depend on (W, or V of a linear model): exact test'),
    row: text('Of files with a draw in each row, this one alone, from 0'),
    samples: alone(text('N, how many samples the covariance matrix was made of; fitted when left out')),
    'noise-variance': alone(text('Variance of the noise; fitted when left out')),
    centred: alone({ type: 'boolean', default: false, describe: 'The mean was subtracted: N − 1 in place of N' }),
    'weights-file': text('The weights a_n as drawn, for each draw a row: the sharp test'),
    'independent-weights': {
      type: 'boolean',
      default: false,
      describe: 'The weights do not depend on x: exact test without directions',
    },
    weights: text('Or their law, as value:mass,…; 1 is the Marčenko–Pastur law'),
    ...lawOptions,
    ...modelOptions,
    model: { ...modelOptions.model, describe: 'Or a model of the paper' },
    'aspect-ratio': text('d/N; known from the weights when they are given; or give --samples'),
    fit: text('What is not known: scale, aspect-ratio, or both (a ratio beside a stated law: by moments)'),
    'null-replicates': text('Draws of the hypothesis [default: 199; 999 to 3999 for white noise]'),
    'null-table': text('File that keeps the draws of the hypothesis; none: not even those of white noise are kept'),
    level: { ...text('Chance of a false alarm'), default: '0.01' },
    backend: { choices: ['auto', 'wasm', 'native', 'reference'], default: 'auto', describe: 'Linear algebra' },
    seed: rootSeed,
  },
  examples: [
    ['compare --eigenvalues e.csv', 'only a spectrum: noise variance, aspect ratio, and spikes outside the bulk'],
    ['compare --eigenvalues e.csv --samples 400', 'the same, of the covariance matrix of 400 samples'],
    ['compare --matrix h_w0_w0.npy --directions w.npy --weights-file a.npy', 'a Hessian block with its weights: exact'],
    [
      'compare --eigenvalues e.npy --model linear --loss ce --block diagonal --classes 10 --aspect-ratio 0.5',
      'against a law of the paper',
    ],
    [
      'compare --eigenvalues draws/output-diagonal_eigenvalues.npy --weights-file draws/output-diagonal_weights.npy',
      'all draws of limitlaw sample --save-weights together',
    ],
  ],
  async run(options, terminal) {
    const { compareOptions } = await import('../../pipeline/compare/optionsFromText.js');
    const { runCompare } = await import('../../pipeline/compare/compare.js');
    const { TableCache } = await import('../../pipeline/compare/tableCache.js');
    const { cacheFolder } = await import('../../store/cacheFolder.js');
    const {
      'weights-file': weightsFile,
      'logit-variance': logitVariance,
      'aspect-ratio': aspectRatio,
      'null-replicates': nullReplicates,
      'null-table': nullTable,
      'noise-variance': noiseVariance,
      'independent-weights': independentWeights,
      json,
      ...rest
    } = options;
    const table = nullTable === 'none' ? undefined : nullTable;
    const folder = nullTable === undefined ? cacheFolder(process.env, process.platform) : undefined;
    const found = await compareOptions({
      ...rest,
      ...{
        weightsFile,
        logitVariance,
        aspectRatio,
        nullReplicates,
        nullTable: table,
        noiseVariance,
        independentWeights,
      },
    });
    const cache = folder === undefined ? undefined : new TableCache(folder, `${process.version} ${process.arch}`);
    const result = await runCompare({ ...found, cache });
    if (json) printJson(terminal, result);
    else {
      terminal.out(keyValues(comparisonFacts(result, table), terminal.columns));
      if (result.histogram.length > 0) terminal.out(`\n${histogram(result.histogram, terminal.columns)}`);
    }
    return result.verdict === 'disagree' ? exitCodes.rejected : exitCodes.done;
  },
};
