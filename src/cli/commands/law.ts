import type { LawReport } from '../../pipeline/law/lawCommand.js';
import { UsageError } from '../../../theory/errors.js';
import { dynamicsLaws } from '../../../theory/names.js';
import { exitCodes } from '../exitCodes.js';
import type { Command } from '../command.js';
import { exact, keyValues, numberTable } from '../numberTable.js';
import {
  browserChoice,
  curvatureOption,
  figureOptions,
  grouped,
  lawOptions,
  modelOptions,
  number,
  openWeightOptions,
  text,
} from '../modelOptions.js';
import { printJson, type Terminal } from '../terminal.js';

interface LawOptions {
  json: boolean;
  csv: boolean;
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
  scaling?: string;
  readout?: string;
  pair?: string;
  population?: string;
  semicircle?: string;
  weights?: string;
  'weights-file'?: string;
  dynamics?: string;
  'samples-per-class'?: string;
  'learning-rate'?: string;
  steps?: string;
  noise?: string;
  target?: string;
  ridge?: string;
  widths?: string;
  'singular-values'?: string;
  'aspect-ratio'?: string;
  at?: string;
  'at-file'?: string;
  grid?: string;
  npy?: string;
  figure?: string;
  curve?: string;
  column?: string;
  font?: string;
  browser?: string;
  quantiles?: string;
  moments?: string;
}

const { model: _model, ...withoutModel } = modelOptions;

export const law: Command<LawOptions> = {
  name: 'law',
  summary: 'A limit law in numbers: support, density, CDF, quantiles, moments, outliers',
  options: {
    ...grouped('The law, named in one way', {
      model: modelOptions.model,
      weights: text('Of (1/N) Σ a_n x_n x_nᵀ: the law of the weights, as value:mass,…'),
      'weights-file': text('Or a file of weights as drawn'),
      ...lawOptions,
      dynamics: { choices: dynamicsLaws, describe: 'A law along training' },
      'aspect-ratio': number('d/N (required, but for the semicircle)'),
    }),
    ...grouped('With --model', {
      ...withoutModel,
      curvature: curvatureOption,
      ...openWeightOptions,
      scaling: { choices: ['raw', 'rate'], describe: 'rate: times C on the diagonal, C² off it' },
    }),
    ...grouped('With --dynamics', {
      'samples-per-class': number('residual: N/C'),
      'learning-rate': number('one-step, training: step η of gradient descent'),
      steps: text('training: numbers of steps, separated by commas; inf for the limit'),
      noise: number('training: variance of the noise, or of random labels'),
      target: number('training: squared length of what is learnt, 1 unless given'),
      ridge: number('training: ρ in v ← v − η(∂L + ρv)'),
      widths: text('deep-linear: inputs, hidden layers, outputs, separated by commas'),
      'singular-values': text('deep-linear: of the map learnt, separated by commas'),
    }),
    ...grouped('What is wanted of it', {
      at: text('Points for density and CDF, separated by commas'),
      'at-file': text('Or a file of points'),
      grid: number('Or this many points over the support, dense at its edges'),
      quantiles: text('Probabilities, separated by commas'),
      moments: number('Raw moments up to this order, at most 20'),
      csv: { type: 'boolean', default: false, describe: 'As CSV: x, density, cdf, survival; or the steps' },
      npy: text('New file for the same columns as an array'),
      ...figureOptions('density and distribution function'),
      // Its name before --figure.
      curve: { ...text('As --figure'), hidden: true },
    }),
  },
  examples: [
    ['law --model linear --loss mse --block diagonal --aspect-ratio 0.5 --at 0.5,1,2', 'Marčenko–Pastur'],
    [
      'law --model linear --loss ce --block off-diagonal --classes 10 --aspect-ratio 0.5 --quantiles 0.05,0.5,0.95',
      'softmax weights',
    ],
    [
      'law --model linear --loss ce --curvature empirical-fisher --block diagonal --classes 10 --aspect-ratio 0.5',
      'second moments of gradients',
    ],
    [
      'law --model deep --depth 3 --width 256 --layer 1 --loss mse --classes 100 --block off-diagonal --signal 1 --aspect-ratio 0.5',
      'first layer of several, given what a pair of units has',
    ],
    [
      'law --model deep --depth 3 --width 256 --layer 2 --input-dimension 256 --loss mse --classes 100 --block diagonal --signal 0 --aspect-ratio 0.5',
      'second layer, whose inputs are features',
    ],
    ['law --dynamics residual --samples-per-class 10 --aspect-ratio 0.1 --quantiles 0.5,0.9', 'residual part, d = C'],
    [
      'law --dynamics training --aspect-ratio 0.5 --learning-rate 0.3 --steps 0,20,inf --noise 1',
      'loss and risk of least squares',
    ],
    ['law --dynamics deep-linear --widths 10,8,6 --singular-values 2,1', 'Hessian at a minimum of f = W_2 W_1 x'],
    ['law --weights=-1:0.3,1:0.5,2:0.2 --aspect-ratio 0.5 --moments 4', 'signed weights of your own'],
    [
      'law --population sigma.npy --aspect-ratio 0.5 --grid 200 --csv',
      'inputs of a covariance of their own, as a curve',
    ],
    [
      'law --semicircle --figure semicircle.pdf --column single',
      'a figure for a paper, its numbers and caption beside it',
    ],
  ],
  async run(options, terminal) {
    const { answeredLaw } = await import('../../pipeline/law/lawCommand.js');
    const {
      'logit-variance': logitVariance,
      'open-mean': openMean,
      'open-deviation': openDeviation,
      'open-share': openShare,
      'input-dimension': inputDimension,
      'aspect-ratio': aspectRatio,
      'weights-file': weightsFile,
      'samples-per-class': samplesPerClass,
      'learning-rate': learningRate,
      'singular-values': singularValues,
      'at-file': atFile,
      figure,
      curve,
      browser,
      json: _json,
      csv: _csv,
      ...rest
    } = options;
    if (figure !== undefined && curve !== undefined)
      throw new UsageError('--figure and --curve are one option with two names: give --figure alone');
    const { law: solved, report } = await answeredLaw({
      ...rest,
      samplesPerClass,
      learningRate,
      singularValues,
      atFile,
      aspectRatio,
      openMean,
      openDeviation,
      openShare,
      inputDimension,
      ...(logitVariance === undefined ? {} : { logitVariance }),
      weightsFile,
      figure: figure ?? curve,
      browser: browserChoice(browser),
      onFile: (path) => terminal.err(`wrote ${path}\n`),
    });
    if (solved !== undefined) terminal.caller?.onLaw?.(solved);
    if (options.json) printJson(terminal, report);
    else if (options.csv) printPoints(terminal, report);
    else printReport(terminal, options.npy === undefined ? report : { ...report, points: [] });
    return exitCodes.done;
  },
};

function printPoints(terminal: Terminal, { points, curve }: LawReport): void {
  if (curve !== undefined) {
    terminal.out('steps,training_loss,fresh_loss,gradient_power\n');
    for (const row of curve)
      terminal.out(`${[row.steps, row.trainingLoss, row.freshLoss, row.gradientPower].map(String).join(',')}\n`);
    return;
  }
  terminal.out('x,density,cdf,survival\n');
  for (const { x, density, cdf, survival } of points)
    terminal.out(`${[x, density, cdf, survival].map(String).join(',')}\n`);
}

function printReport(terminal: Terminal, report: LawReport): void {
  terminal.out(keyValues(factsOf(report), terminal.columns));
  if (report.points.length > 0)
    terminal.out(
      numberTable(
        ['x', 'density', 'cdf', 'survival'],
        report.points.map(({ x, density, cdf, survival }) => [x, density, cdf, survival]),
      ),
    );
  if (report.quantiles.length > 0)
    terminal.out(
      numberTable(
        ['p', 'quantile'],
        report.quantiles.map(({ p, x }) => [p, x]),
      ),
    );
  if (report.spectrum !== undefined)
    terminal.out(
      numberTable(
        ['eigenvalue', 'times'],
        report.spectrum.map(({ at, multiplicity }) => [at, multiplicity]),
      ),
    );
  if (report.curve !== undefined)
    terminal.out(
      numberTable(
        ['steps', 'training loss', 'fresh loss', '‖gradient‖²'],
        report.curve.map((row) => [row.steps, row.trainingLoss, row.freshLoss, row.gradientPower]),
      ),
    );
}

function factsOf(report: LawReport): [string, string][] {
  // An output block of the hidden model has no law: nothing was solved for.
  const solved = report.spectrum === undefined && (report.diagnostics.converged || report.diagnostics.nodes > 0);
  return [
    ...(report.aspectRatio === undefined ? [] : [['aspect ratio d/N', exact(report.aspectRatio)] as [string, string]]),
    ...(solved ? [['support', supportText(report.support)] as [string, string]] : []),
    // A spectrum that is all atoms has a table of its own.
    ...(report.spectrum === undefined ? report.atoms : []).map(({ at, mass }): [string, string] => [
      `atom at ${exact(at)}`,
      `mass ${exact(mass)}`,
    ]),
    ...report.outliers.map(({ at, multiplicity, side }): [string, string] => [
      'outlier',
      `${exact(at)} (${side}${multiplicity > 1 ? `, ${multiplicity} times` : ''})`,
    ]),
    ...(report.scale === undefined ? [] : [['in units of', report.scale] as [string, string]]),
    ...(report.eigenvalues === undefined
      ? []
      : [['eigenvalues', report.eigenvalues.map(exact).join(', ')] as [string, string]]),
    ...report.moments.map((moment, k): [string, string] => [`moment ${k + 1}`, exact(moment)]),
    ...(solved
      ? [
          [
            'solver',
            `${report.diagnostics.converged ? 'converged' : 'not converged'}, residual ${report.diagnostics.residual.toExponential(1)}, ${report.diagnostics.nodes} weight nodes`,
          ] as [string, string],
        ]
      : []),
    ...(report.note === undefined ? [] : [['note', report.note] as [string, string]]),
  ];
}

/** Of many intervals the outer ones, which say where the support ends. */
function supportText(support: LawReport['support']): string {
  const intervals = support.map(([lower, upper]) => `[${exact(lower)}, ${exact(upper)}]`);
  const inner = intervals.length - 6;
  if (inner > 6) intervals.splice(3, inner, `… (${inner} more: --json has them all)`);
  return intervals.join(' ∪ ') || 'none';
}
