/** From text to a model of the paper and a block of it, for every command that takes them. */
import { UsageError } from '../../../theory/errors.js';
import {
  activationNames,
  blockKinds,
  curvatures,
  hasSoftmaxWeights,
  initialisations,
  layersOf,
  losses,
  models,
  modelTraits,
  numberedLayer,
  noEmpiricalFisher,
  ratioModelNames,
  ratioModels,
  takesEmpiricalFisher,
  takesSetting,
  type ActivationName,
  type BlockKind,
  type Curvature,
  type InitialisationName,
  type Layer,
  type Loss,
  type Model,
  type ModelSetting,
} from '../../../theory/names.js';
import { largestLogitVariance } from '../../../theory/requirements.js';
import { hiddenWidths } from './hiddenWidths.js';
import { openWeightsChoice, type OpenWeightsChoice, type OpenWeightsText } from './openWeightsChoice.js';
import { choice, classCount, positiveNumber } from './textOptions.js';
import { wholeNumber } from './wholeNumber.js';

/** As text. */
export interface ModelOptions extends OpenWeightsText {
  readonly model?: string | undefined;
  readonly loss?: string | undefined;
  readonly layer?: string | undefined;
  readonly block?: string | undefined;
  /** 'hessian' or 'empirical-fisher'. */
  readonly curvature?: string | undefined;
  readonly classes?: string | undefined;
  /** m; of a deep model n, or n_1,n_2,… */
  readonly width?: string | undefined;
  /** Hidden layers of a deep model. */
  readonly depth?: string | undefined;
  readonly logitVariance?: string | undefined;
  readonly activation?: string | undefined;
  readonly initialisation?: string | undefined;
  /** 'raw' or 'rate'; see `blockLaw`. */
  readonly scaling?: string | undefined;
  /** A file of V as drawn: the law given V. */
  readonly readout?: string | undefined;
  /** "i,j": the rows of the layer that make the block, given V. */
  readonly pair?: string | undefined;
}

const scalings = ['raw', 'rate'] as const;

/** A model, its loss and its layer; what was left out is absent. */
export interface ModelChoice {
  readonly model: Model;
  readonly loss: Loss;
  readonly layer: Layer;
  readonly width?: number;
  readonly widths?: readonly number[];
  readonly logitVariance?: number;
  readonly activation?: ActivationName;
  readonly initialisation?: InitialisationName;
  readonly scaling?: (typeof scalings)[number];
  readonly curvature?: Curvature;
}

export interface BlockChoice extends ModelChoice, OpenWeightsChoice {
  readonly block: BlockKind;
  /** Infinity where the loss does not ask. */
  readonly classes: number;
}

/**
 * Reads what names a model. The layer is the weighted one when none is named.
 * @throws UsageError for options that do not parse, contradict each other or would be ignored.
 */
export function modelChoice(options: ModelOptions): ModelChoice {
  const elsewhere = ratioModelNames.find((name) => name === options.model);
  if (elsewhere !== undefined) throw new UsageError(`--model ${elsewhere}: ${ratioModels[elsewhere]}`);
  const model = choice('--model', options.model, models);
  const loss = choice('--loss', options.loss, losses);
  const widths = widthsOf(model, options);
  const layer = options.layer === undefined ? modelTraits[model].weightedLayer : layerOf(model, options.layer, widths);
  refuseSetting(model, 'activation', options.activation);
  if (takesSetting(model, 'width') && options.width === undefined)
    throw new UsageError(`--width must be given with --model ${model}, e.g. --width 8`);
  const { width, logitVariance, activation, initialisation, scaling, curvature } = options;
  if (curvature !== undefined) requireCurvature(model, options);
  if (initialisation !== undefined && logitVariance !== undefined)
    throw new UsageError('--initialisation and --logit-variance both state a variance: give one of them');
  return {
    model,
    loss,
    layer,
    ...(width === undefined || widths !== undefined ? {} : { width: wholeNumber('--width', width, 1, largestWidth) }),
    ...(widths === undefined ? {} : { widths }),
    ...(logitVariance === undefined ? {} : { logitVariance: positiveNumber('--logit-variance', logitVariance) }),
    ...(activation === undefined ? {} : { activation: choice('--activation', activation, activationNames) }),
    ...(initialisation === undefined
      ? {}
      : { initialisation: choice('--initialisation', initialisation, initialisations) }),
    ...(scaling === undefined ? {} : { scaling: choice('--scaling', scaling, scalings) }),
    ...(curvature === undefined ? {} : { curvature: choice('--curvature', curvature, curvatures) }),
  };
}

/**
 * The same for a law or a ratio, which hold where their accuracy is verified.
 * @throws UsageError as `modelChoice`, and for a logit variance beyond.
 */
export function verifiedModelChoice(options: ModelOptions): ModelChoice {
  const chosen = modelChoice(options);
  const { model, loss, logitVariance = 0 } = chosen;
  if (hasSoftmaxWeights(model, loss) && logitVariance > largestLogitVariance)
    throw new UsageError(
      `--logit-variance must be at most ${largestLogitVariance}, where the accuracy is verified, got '${options.logitVariance}': draw such Hessians with limitlaw sample`,
    );
  return chosen;
}

/**
 * A block of a model, of which there is a law.
 * @throws UsageError as `verifiedModelChoice`.
 */
export function blockChoice(options: ModelOptions): BlockChoice {
  const chosen = verifiedModelChoice(options);
  const block = choice('--block', options.block, blockKinds);
  if (options.classes === undefined && chosen.loss === 'ce')
    throw new UsageError('--classes must be given with --loss ce: a whole number of at least 2, or inf');
  const classes = options.classes === undefined ? Infinity : classCount('--classes', options.classes);
  return { ...chosen, block, classes, ...openWeightsChoice(chosen.model, options) };
}

/** --block for the Hessian of all blocks. */
export const wholeBlock = 'whole';

/**
 * A model whose whole Hessian is asked for; the layer is that of its weights.
 * @throws UsageError as `verifiedModelChoice`, and for what says something of one block.
 */
export function wholeChoice(options: ModelOptions): ModelChoice & { readonly classes: number } {
  const stray = (
    [
      'layer',
      'scaling',
      'readout',
      'pair',
      'curvature',
      'signal',
      'openMean',
      'openDeviation',
      'openShare',
      'inputDimension',
    ] as const
  ).find((name) => options[name] !== undefined);
  if (stray !== undefined)
    throw new UsageError(
      `--${modelOptionNames[stray]} says nothing of --block ${wholeBlock}: leave it out, or ask for a block`,
    );
  if (options.classes === undefined)
    throw new UsageError(`--classes must be given with --block ${wholeBlock}, whose order is C·d`);
  return { ...verifiedModelChoice(options), classes: wholeNumber('--classes', options.classes, 2, 1e6) };
}

/** As they are written on the command line. */
export const modelOptionNames: Readonly<Record<keyof ModelOptions, string>> = {
  model: 'model',
  loss: 'loss',
  layer: 'layer',
  block: 'block',
  curvature: 'curvature',
  classes: 'classes',
  width: 'width',
  depth: 'depth',
  logitVariance: 'logit-variance',
  activation: 'activation',
  initialisation: 'initialisation',
  scaling: 'scaling',
  signal: 'signal',
  openMean: 'open-mean',
  openDeviation: 'open-deviation',
  openShare: 'open-share',
  inputDimension: 'input-dimension',
  readout: 'readout',
  pair: 'pair',
};

/** @throws UsageError for part of a model without --model, which would be ignored */
export function refuseModelOptions(options: ModelOptions): void {
  const names = Object.keys(modelOptionNames) as (keyof ModelOptions)[];
  const stray = names.find((name) => options[name] !== undefined);
  if (stray === undefined) return;
  throw new UsageError(
    `--${modelOptionNames[stray]} describes a model, but no --model is given: add ${nameEach(models)}, or leave it out`,
  );
}

const largestWidth = 1e6;

/** Of a deep model; refuses what says something of widths to a model that has none. */
function widthsOf(model: Model, options: ModelOptions): readonly number[] | undefined {
  refuseOption(model, '--depth', ['widths'], options.depth);
  refuseOption(model, '--width', ['width', 'widths'], options.width);
  if (!takesSetting(model, 'widths')) return undefined;
  return hiddenWidths(options, (name, entry) => wholeNumber(name, entry, 1, largestWidth));
}

/** A layer by its name; of a model with several hidden ones also by its number, from 1. */
function layerOf(model: Model, text: string, widths: readonly number[] | undefined): Layer {
  const own = layersOf(model, widths?.length);
  const name = /^\d+$/.test(text.trim()) ? numberedLayer(Number(text)) : text;
  const found = own.find((layer) => layer === name);
  if (found !== undefined) return found;
  if (own.length > 1 && widths === undefined) return choice('--layer', text, own);
  throw new UsageError(
    widths === undefined
      ? `--layer must be ${own.join(' or ')} with --model ${model}, which has an ${own.join(' and ')} layer only, got '${text}': leave it out`
      : `--layer must be a number from 1 to ${widths.length}, or output, with --model ${model} of that depth, got '${text}'`,
  );
}

/** What goes with the empirical Fisher matrix, and what does not. */
function requireCurvature(model: Model, { curvature, scaling, readout }: ModelOptions): void {
  if (choice('--curvature', curvature, curvatures) === 'hessian') return;
  if (!takesEmpiricalFisher(model))
    throw new UsageError(`--curvature empirical-fisher: ${noEmpiricalFisher(model)}; leave it out for its Hessian`);
  if (readout !== undefined)
    throw new UsageError(
      '--readout: the empirical Fisher matrix has its law in the limit alone; leave it out, or draw with limitlaw sample --curvature empirical-fisher',
    );
  if (scaling === 'rate')
    throw new UsageError(
      "--scaling rate: the empirical Fisher matrix has no rate in C, a sample of the block's own class weighs C times as much as others; leave it out",
    );
}

function refuseSetting(model: Model, setting: ModelSetting, text: string | undefined): void {
  refuseOption(model, `--${setting}`, [setting], text);
}

/** Refuses an option that says one of these settings to a model that has none of them. */
function refuseOption(model: Model, option: string, settings: readonly ModelSetting[], text: string | undefined): void {
  const takes = (candidate: Model) => settings.some((setting) => takesSetting(candidate, setting));
  if (text === undefined || takes(model)) return;
  throw new UsageError(`${option} is for ${nameEach(models.filter(takes))}: leave it out`);
}

function nameEach(names: readonly Model[]): string {
  return names.map((name) => `--model ${name}`).join(' or ');
}
