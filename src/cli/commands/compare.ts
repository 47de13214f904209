import { comparisonFacts } from '../compareTable.js';
import { exitCodes } from '../exitCodes.js';
import { histogram } from '../histogram.js';
import { keyValues } from '../numberTable.js';
import type { Command } from '../command.js';
import {
  browserChoice,
  figureOptions,
  grouped,
  curvatureOption,
  lawOptions,
  modelOptions,
  openWeightOptions,
  number,
  rootSeed,
  text,
} from '../modelOptions.js';
import { printJson } from '../terminal.js';

interface CompareCommandOptions {
  json: boolean;
  seed: string;
  eigenvalues?: string;
  matrix?: string;
  data?: string;
  'ritz-values'?: string;
  'ritz-weights'?: string;
  correlation: boolean;
  top: boolean;
  dimension?: string;
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
  curvature?: string;
  classes?: string;
  width?: string;
  depth?: string;
  'logit-variance'?: string;
  signal?: string;
  'open-mean'?: string;
  'open-deviation'?: string;
  'open-share'?: string;
  'input-dimension'?: string;
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
  figure?: string;
  column?: string;
  font?: string;
  browser?: string;
}

const flag = (describe: string) => ({ type: 'boolean', default: false, describe }) as const;

export const compare: Command<CompareCommandOptions> = {
  name: 'compare',
  summary:
    'Eigenvalues, a matrix or data from a file: noise variance and spikes, or against a law; calibrated p-values',
  options: {
    ...grouped('What is read, one of (.npy, .npz:name, .csv, .mtx):', {
      eigenvalues: text('Eigenvalues: a list, or one draw a row'),
      matrix: text('A symmetric matrix'),
      data: text('Samples, one a row, or a weight matrix: its Gram matrix XᵀX/N is taken'),
      'ritz-values': text('Nodes of Lanczos, one probe a row, with --ritz-weights and --dimension'),
    }),
    ...grouped('What is known about it:', {
      'ritz-weights': text('Weights of the nodes: squares of the first components'),
      samples: number('N, of how many samples it was made; or give d/N; fitted when left out'),
      'aspect-ratio': number('d/N; the weights or the data tell it'),
      centred: flag('The mean was subtracted: N − 1 in place of N'),
      'noise-variance': number('Variance of the noise; fitted when left out'),
      correlation: flag('A correlation matrix (a unit diagonal tells it)'),
      row: number('Of a draw in each row, this one alone, from 0'),
      top: flag('The file has only the largest eigenvalues of --dimension'),
      dimension: number('d, where the file has less than all eigenvalues'),
      centre: flag('Data: subtract the mean of each column first'),
      scale: flag('Data: then make the variance of each column 1'),
    }),
    ...grouped('The law, at most one; without one noise and spikes are looked for:', {
      weights: text('Law of the weights a_n, value:mass,…; 1 is Marčenko–Pastur'),
      'weights-file': text('The weights as drawn, for each draw a row: the sharp test'),
      directions: text('Rows that the weights depend on (W; V if linear): exact test'),
      'independent-weights': flag('The weights do not depend on x: exact test without directions'),
      ...lawOptions,
      ...modelOptions,
      curvature: curvatureOption,
      ...openWeightOptions,
    }),
    ...grouped('The test:', {
      fit: text('What is not known: scale, aspect-ratio, or both'),
      level: { ...number('Chance of a false alarm'), default: '0.01', defaultDescription: '0.01' },
      'null-replicates': number('Draws of the hypothesis [default: 199; 999 to 3999 for white noise]'),
      'null-table': text('File that keeps these draws; none: not even those of white noise are kept'),
      backend: { choices: ['auto', 'wasm', 'native', 'reference'], default: 'auto', describe: 'Linear algebra' },
      seed: rootSeed,
    }),
    ...grouped('A figure:', figureOptions('the spectrum and the law')),
  },
  examples: [
    ['compare --eigenvalues e.csv', 'only a spectrum: noise variance, aspect ratio, and spikes outside the bulk'],
    ['compare --eigenvalues e.csv --samples 400', 'the same, of the covariance matrix of 400 samples'],
    ['compare --data x.npy --centre', 'samples, one a row: their covariance matrix is taken'],
    [
      'compare --eigenvalues top.npy --top --dimension 1000 --samples 2000 --noise-variance 1',
      'only the largest eigenvalues: how many stand out of the noise',
    ],
    ['compare --matrix h_w0_w0.npy --directions w.npy --weights-file a.npy', 'a Hessian block with its weights: exact'],
    [
      'compare --eigenvalues e.npy --model linear --loss ce --block diagonal --classes 10 --aspect-ratio 0.5',
      'against a law of the paper',
    ],
    [
      'compare --eigenvalues e.csv --figure bulk.pdf --column single',
      'the bulk that was found, as a figure for a paper',
    ],
    ['compare --matrix h.npy --semicircle', 'independent entries: the semicircle of radius 2'],
    ['compare --eigenvalues e.npy --population sigma.npy --aspect-ratio 0.5', 'samples of a known covariance'],
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
      'ritz-values': ritzValues,
      'ritz-weights': ritzWeights,
      'weights-file': weightsFile,
      'logit-variance': logitVariance,
      'open-mean': openMean,
      'open-deviation': openDeviation,
      'open-share': openShare,
      'input-dimension': inputDimension,
      'aspect-ratio': aspectRatio,
      'null-replicates': nullReplicates,
      'null-table': nullTable,
      'noise-variance': noiseVariance,
      'independent-weights': independentWeights,
      figure,
      column,
      font,
      browser,
      json,
      ...rest
    } = options;
    const table = nullTable === 'none' ? undefined : nullTable;
    const folder = nullTable === undefined ? cacheFolder(process.env, process.platform) : undefined;
    const found = await compareOptions({
      ...rest,
      ...{
        ritzValues,
        ritzWeights,
        weightsFile,
        logitVariance,
        openMean,
        openDeviation,
        openShare,
        inputDimension,
        aspectRatio,
        nullReplicates,
        nullTable: table,
        noiseVariance,
        independentWeights,
      },
    });
    const wanted = {
      ...{ figure, column, font, browser: browserChoice(browser) },
      onFile: (path: string) => terminal.err(`wrote ${path}\n`),
    };
    const { comparisonDrawing } = await import('../../pipeline/compare/comparisonDrawing.js');
    const drawing = await comparisonDrawing(wanted);
    const cache = folder === undefined ? undefined : new TableCache(folder, `${process.version} ${process.arch}`);
    const result = await runCompare({ ...found, cache, onSpectrum: drawing?.onSpectrum });
    if (json) printJson(terminal, result);
    else {
      terminal.out(keyValues(comparisonFacts(result, table), terminal.columns));
      if (result.histogram.length > 0) terminal.out(`\n${histogram(result.histogram, terminal.columns)}`);
    }
    if (drawing !== undefined && !(await drawing.draw(result)))
      terminal.err('no figure: no law was found whose density could be drawn over this spectrum\n');
    return result.verdict === 'disagree' ? exitCodes.rejected : exitCodes.done;
  },
};
