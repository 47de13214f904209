import {
  deepLinearMinimum,
  leastSquaresTraining,
  oneStepGram,
  oneStepWeights,
  residualPartLaw,
} from '../../../theory/dynamics/index.js';
import { UsageError } from '../../../theory/errors.js';
import { marchenkoPastur } from '../../../theory/gmp/index.js';
import { estimatedLaw } from '../../../theory/models/index.js';
import {
  activationNames,
  blockKinds,
  initialisations,
  paperActivation,
  paperInitialisation,
  type DynamicsLaw,
} from '../../../theory/names.js';
import { initialisationScheme } from '../../../theory/network/initialisationScheme.js';
import { largestLogitVariance } from '../../../theory/requirements.js';
import type { ModelOptions } from '../options/modelOptions.js';
import { aspectRatioOf, choice, jsonNumber, listOf, positiveNumber } from '../options/textOptions.js';
import { wholeNumber } from '../options/wholeNumber.js';
import { dynamicsChoice, type DynamicsOptions } from './dynamicsOptions.js';
import type { NamedLaw } from './namedLaw.js';

type Options = DynamicsOptions & ModelOptions;

type LawAtRatio = (options: Options, aspectRatio: number) => NamedLaw;
const lawsNamed: Readonly<Record<Exclude<DynamicsLaw, 'deep-linear'>, LawAtRatio>> = {
  residual: residualLaw,
  'one-step': oneStepLaw,
  training: trainingLaw,
};

/** A law along training, and d/N where it has one. */
interface DynamicsAnswer {
  readonly named: NamedLaw;
  readonly aspectRatio: number | undefined;
}

/**
 * The law that --dynamics names.
 * @param ratioText --aspect-ratio, as text
 * @throws UsageError for options that are missing, would be ignored or do not parse
 */
export function dynamicsLaw(options: Options, ratioText: string | undefined): DynamicsAnswer {
  const choice = dynamicsChoice(options);
  if (choice === 'deep-linear') {
    if (ratioText !== undefined)
      throw new UsageError(
        '--aspect-ratio says nothing to --dynamics deep-linear, whose inputs are white: leave it out',
      );
    return { named: deepLinearLaw(options), aspectRatio: undefined };
  }
  const aspectRatio = aspectRatioOf(ratioText);
  return { named: lawsNamed[choice](options, aspectRatio), aspectRatio };
}

function deepLinearLaw(options: Options): NamedLaw {
  const widths = listOf('--widths', required('widths', options.widths), (name, entry) =>
    wholeNumber(name, entry, 1, 1e6),
  );
  const singularValues = listOf(
    '--singular-values',
    required('singular-values', options.singularValues),
    positiveNumber,
  );
  if (widths.length < 3)
    throw new UsageError(
      `--widths must name inputs, hidden layers and outputs, at least three numbers, e.g. --widths ${examples.widths}, got '${options.widths}'`,
    );
  const narrowest = Math.min(...widths);
  if (singularValues.length > narrowest)
    throw new UsageError(
      `--singular-values: a map through a layer of ${narrowest} has at most ${narrowest} of them, got ${singularValues.length}`,
    );
  const { law, eigenvalues, parameters } = deepLinearMinimum({ widths, singularValues });
  return {
    law,
    spectrum: eigenvalues,
    note: `all ${parameters} eigenvalues of the Hessian of (1/2N) Σ ‖f − y‖², f = W_L … W_1 x, exactly: white inputs, a minimum with no residual beyond noise, balanced layers (gradient flow keeps the balance that layers start with)`,
  };
}

function residualLaw(options: Options, aspectRatio: number): NamedLaw {
  const samplesPerClass = positiveNumber('--samples-per-class', required('samples-per-class', options.samplesPerClass));
  const activation = choice('--activation', options.activation ?? paperActivation, activationNames);
  const scheme = limitScheme(options, 'hidden');
  const { residual } = residualPartLaw({
    samplesPerClass,
    dimensionsPerClass: aspectRatio * samplesPerClass,
    activation,
    preactivationVariance: scheme.hidden!.varianceFactor,
  });
  return {
    law: residual,
    scale: 'eigenvalues of R times √N',
    note: 'R carries the residual, at initialisation with random labels: ± the singular values of its d×C matrices, and zeros; d + C eigenvalues a hidden unit. A class of many samples may make an interval of its own',
  };
}

function oneStepLaw(options: Options, aspectRatio: number): NamedLaw {
  const { logitVariance, initialisation } = options;
  if (initialisation !== undefined && logitVariance !== undefined)
    throw new UsageError('--initialisation and --logit-variance both state a variance: give one of them');
  const classes = wholeNumber('--classes', required('classes', options.classes), 2, 64);
  const block = choice('--block', options.block, blockKinds);
  const learningRate = positiveNumber('--learning-rate', required('learning-rate', options.learningRate));
  const variance =
    logitVariance === undefined
      ? limitScheme(options, 'linear').output.varianceFactor
      : positiveNumber('--logit-variance', logitVariance);
  if (variance > largestLogitVariance)
    throw new UsageError(
      `--logit-variance must be at most ${largestLogitVariance}, where the accuracy is verified, got '${logitVariance}'`,
    );
  const step = { classes, learningRate, aspectRatio };
  const gram = oneStepGram({ ...step, logitVariance: variance });
  const { training, fresh } = oneStepWeights({ ...step, gram, i: 0, j: block === 'diagonal' ? 0 : 1 });
  return {
    law: estimatedLaw(training.weights, aspectRatio),
    note: `of the linear model under cross-entropy, on its training data after one gradient step with random labels: loss ${training.loss.toPrecision(4)} there and ${fresh.loss.toPrecision(4)} on fresh data; the weights come from a cubature, standard error of their distribution function ${training.weights.error.toExponential(0)}`,
  };
}

function trainingLaw(options: Options, aspectRatio: number): NamedLaw {
  const { target, ridge } = options;
  const learningRate = positiveNumber('--learning-rate', required('learning-rate', options.learningRate));
  const steps = listOf('--steps', required('steps', options.steps), stepCount);
  const training = leastSquaresTraining({
    aspectRatio,
    noise: variance('--noise', required('noise', options.noise)),
    ...(target === undefined ? {} : { target: variance('--target', target) }),
    ...(ridge === undefined ? {} : { ridge: variance('--ridge', ridge) }),
  });
  const { largestRate } = training;
  if (steps.includes(Infinity) && learningRate >= largestRate)
    throw new UsageError(
      `--learning-rate must be below ${largestRate.toPrecision(6)}, twice the inverse of the largest eigenvalue, for inf steps to have a limit, got '${options.learningRate}'`,
    );
  const converges = learningRate < largestRate;
  return {
    law: marchenkoPastur(aspectRatio),
    curve: steps.map((count) => {
      const { trainingLoss, freshLoss, gradientPower } = training.afterSteps(count, learningRate);
      return {
        steps: jsonNumber(count),
        trainingLoss: jsonNumber(trainingLoss),
        freshLoss: jsonNumber(freshLoss),
        gradientPower: jsonNumber(gradientPower),
      };
    }),
    note: `linear model, squared error, full-batch gradient descent, per output; diagonal blocks have this law at every step. ${converges ? 'Converges' : 'Diverges: converges only'} at learning rates below ${largestRate.toPrecision(6)}`,
  };
}

/** As d → ∞ at a fixed width and number of classes; only Xavier's factors depend on those. */
function limitScheme({ initialisation }: Options, model: 'linear' | 'hidden') {
  const name = choice('--initialisation', initialisation ?? paperInitialisation, initialisations);
  return initialisationScheme(name, { model, dimension: Infinity, width: 1, classes: 2 });
}

function stepCount(name: string, text: string): number {
  return /^(inf|infinity|∞)$/i.test(text) ? Infinity : wholeNumber(name, text, 0, 1e9);
}

function variance(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && Number.isFinite(value)))
    throw new UsageError(`${name} must be a finite number of at least 0, got '${text}'`);
  return value;
}

const examples = {
  'samples-per-class': '10',
  classes: '4',
  'learning-rate': '0.3',
  steps: '0,10,inf',
  noise: '1',
  widths: '10,8,6',
  'singular-values': '2,1',
} as const;

function required(name: keyof typeof examples, text: string | undefined): string {
  if (text === undefined) throw new UsageError(`--${name} must be given, e.g. --${name} ${examples[name]}`);
  return text;
}
