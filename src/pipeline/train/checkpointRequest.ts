/**
 * Networks that were trained elsewhere, from a folder of .npy files: X.npy (N×d), y.npy (N class numbers from 0),
 * W_<step>.npy (m×d) and V_<step>.npy (C×m) for each mark, or V_<step>.npy (C×d) alone for the linear model, or W.npy and
 * V.npy for one mark; X_fresh.npy and y_fresh.npy where there are data that the network has not seen.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { modelOf } from '../../../simulations/models/index.js';
import { UsageError } from '../../../theory/errors.js';
import {
  activationNames,
  labelRules,
  losses,
  paperActivation,
  paperModels,
  takesSetting,
} from '../../../theory/names.js';
import { classNumbers } from '../../draws/train/classNumbers.js';
import type { CheckpointFiles, CheckpointTask } from '../../draws/train/trainContract.js';
import { readArrayFile, type NumericArray } from '../../store/formats/index.js';
import { choice } from '../options/textOptions.js';
import type { TrainRequest, TrainWords } from './request.js';

/** What may be said of networks that are trained already. */
const meant = ['loss', 'activation', 'labels', 'directions', 'spectra', 'heat-maps'];

/** @throws UsageError naming the file that is missing or does not fit, and its shape */
export function checkpointRequest(
  folder: string,
  options: TrainWords['options'],
  given: readonly string[],
): TrainRequest {
  const stray = given.find((name) => !meant.includes(name));
  if (stray !== undefined)
    throw new UsageError(
      `--${stray} is not for --checkpoints, whose networks are trained: leave it out; ${meant.map((name) => `--${name}`).join(', ')} may stand beside it`,
    );
  const labels = labelsOf(options);
  const { steps, symbols } = stepsIn(folder);
  const own = modelIn(folder, symbols);
  const data = readData(folder);
  const sizes = sizesOf(folder, steps[0]!, own, data);
  const activation = options['activation'] ?? paperActivation;
  if (options['activation'] !== undefined && !takesSetting(own, 'activation'))
    throw new UsageError(`--activation is for a hidden layer, but '${folder}' holds no W: leave it out`);
  const settings: DrawSettings = {
    model: own,
    loss: choice('--loss', (options['loss'] as string | undefined) ?? 'ce', losses),
    activation: choice('--activation', activation as string, activationNames),
    // Ignored: nothing is drawn.
    initialisation: 'pytorch',
    ...sizes,
  };
  requireClasses(folder, settings);
  const directions = options['directions'] as string | undefined;
  if (directions !== undefined) requireDirections(directions, settings.dimension);
  const freshSamples = freshIn(folder, settings);
  const checkpoints = steps.map(({ step, suffix }): CheckpointTask => {
    requireShapes(folder, suffix, settings);
    return {
      kind: 'checkpoint',
      ...{ step, settings, labels, freshSamples, spectra: options['spectra'] === true },
      heatMaps: options['heat-maps'] === true,
      files: filesOf(folder, suffix, settings, freshSamples > 0, directions),
    };
  });
  const files = [...new Set(checkpoints.flatMap((task) => Object.values(task.files)))];
  return {
    about: {
      title: `checkpoints of ${folder}`,
      ...{ settings, labels, seed: '', plan: null, inputs: { checkpoints: folder }, replicates: 1 },
    },
    training: null,
    checkpoints,
    files: files.filter((file): file is string => file !== undefined),
  };
}

/**
 * Where labels come from decides off which directions a residual is noise: a teacher's that are missing would look like
 * memorisation.
 */
function labelsOf(options: TrainWords['options']): TrainRequest['about']['labels'] {
  const text = options['labels'] as string | undefined;
  if (text === undefined)
    throw new UsageError(
      '--checkpoints needs --labels: random if y does not depend on X, teacher with --directions if it comes of a network, file for a data set; else signal is mistaken for memorisation',
    );
  const labels = choice('--labels', text, labelRules);
  if (labels === 'teacher' && options['directions'] === undefined)
    throw new UsageError(
      '--labels teacher needs --directions file.npy, the rows (k×d) that the labels depend on X through: without them signal is mistaken for memorisation',
    );
  if (labels !== 'teacher' && options['directions'] !== undefined)
    throw new UsageError(`--directions are those of a teacher, but --labels is ${labels}: give --labels teacher`);
  return labels;
}

interface Step {
  readonly step: number;
  /** Of the files: `_100`, or nothing. */
  readonly suffix: string;
}

function stepsIn(folder: string): { readonly steps: readonly Step[]; readonly symbols: readonly string[] } {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new UsageError(`--checkpoints must name a folder of .npy files, but '${folder}' is none`);
  const found = readdirSync(folder).flatMap((name) => {
    const match = /^([WV])(?:_(\d{1,9}))?\.npy$/.exec(name);
    return match === null ? [] : [{ symbol: match[1]!, suffix: match[2] === undefined ? '' : `_${match[2]}` }];
  });
  const suffixes = [...new Set(found.map(({ suffix }) => suffix))];
  if (suffixes.length === 0)
    throw new UsageError(
      `--checkpoints: '${folder}' has no V.npy and no V_<step>.npy: save V (C×m) and W (m×d) of each mark there`,
    );
  if (suffixes.length > 1 && suffixes.includes(''))
    throw new UsageError(
      `--checkpoints: '${folder}' has files with a step and without: name all of them with a step, W_100.npy and V_100.npy`,
    );
  const steps = suffixes
    .map((suffix): Step => ({ step: Number(suffix.slice(1)), suffix }))
    .sort((a, b) => a.step - b.step);
  const twice = steps.find(({ step }, k) => k > 0 && step === steps[k - 1]!.step);
  if (twice !== undefined)
    throw new UsageError(`--checkpoints: '${folder}' has two names for step ${twice.step}: remove one of them`);
  return { steps, symbols: [...new Set(found.map(({ symbol }) => symbol))] };
}

/** The model whose layers are these. */
function modelIn(folder: string, symbols: readonly string[]): DrawSettings['model'] {
  const found = paperModels.find((model) => {
    const { layers } = modelOf({ model });
    return layers.length === symbols.length && layers.every(({ symbol }) => symbols.includes(symbol));
  });
  if (found !== undefined) return found;
  throw new UsageError(
    `--checkpoints: '${folder}' has ${symbols.join(' and ')} and no V: save V_<step>.npy (C×m) beside each W_<step>.npy`,
  );
}

/** @throws UsageError when the file is not there, or holds anything but finite numbers */
function readFinite(folder: string, name: string): NumericArray {
  const path = join(folder, name);
  if (!existsSync(path)) throw new UsageError(`--checkpoints: '${folder}' has no ${name}: save it there`);
  const array = readArrayFile(path);
  const bad = array.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new UsageError(
      `--checkpoints: ${path} must hold finite numbers, but number ${bad} is ${array.data[bad]}: take a mark before the training diverged`,
    );
  return array;
}

const shapeOf = ({ shape }: NumericArray): string => `(${shape.join(', ')})`;

function refuseShape(folder: string, name: string, array: NumericArray, rule: string): never {
  throw new UsageError(`--checkpoints: ${join(folder, name)} has shape ${shapeOf(array)}, but ${rule}`);
}

function readData(folder: string): { readonly dimension: number; readonly samples: number } {
  const inputs = readFinite(folder, 'X.npy');
  const [samples = 0, dimension = 0] = inputs.shape;
  if (inputs.shape.length !== 2 || samples === 0 || dimension === 0)
    refuseShape(folder, 'X.npy', inputs, 'X must be N×d, one sample a row');
  requireLabels(folder, 'y.npy', samples);
  return { dimension, samples };
}

function requireLabels(folder: string, name: string, samples: number): void {
  const labels = readFinite(folder, name);
  if (labels.data.length !== samples || labels.shape[0] !== samples)
    refuseShape(folder, name, labels, `X has ${samples} rows: give ${samples} class numbers from 0`);
}

function sizesOf(
  folder: string,
  { suffix }: Step,
  model: DrawSettings['model'],
  { dimension, samples }: ReturnType<typeof readData>,
): Pick<DrawSettings, 'dimension' | 'samples' | 'classes' | 'width'> {
  const readout = readFinite(folder, `V${suffix}.npy`);
  const [classes = 0] = readout.shape;
  if (readout.shape.length !== 2 || classes < 2)
    refuseShape(folder, `V${suffix}.npy`, readout, 'V must be C×m (C×d without W), with at least 2 classes');
  const width = takesSetting(model, 'width') ? (readFinite(folder, `W${suffix}.npy`).shape[0] ?? 0) : 0;
  return { dimension, samples, classes, width };
}

function requireShapes(folder: string, suffix: string, settings: DrawSettings): void {
  for (const layer of modelOf(settings).layers) {
    const name = `${layer.symbol}${suffix}.npy`;
    const array = readFinite(folder, name);
    const wanted = [layer.count(settings), layer.order(settings)];
    if (array.shape.join() === wanted.join()) continue;
    const { dimension, classes, width } = settings;
    const known = `d = ${dimension}, C = ${classes}${width === 0 ? '' : `, m = ${width}`}`;
    refuseShape(folder, name, array, `it must be (${wanted.join(', ')}): ${known} by the other files`);
  }
}

function requireClasses(folder: string, { classes }: DrawSettings): void {
  const path = join(folder, 'y.npy');
  classNumbers(path, readArrayFile(path).data, classes);
}

function freshIn(folder: string, { dimension, classes }: DrawSettings): number {
  const [hasInputs, hasLabels] = ['X_fresh.npy', 'y_fresh.npy'].map((name) => existsSync(join(folder, name)));
  if (!hasInputs && !hasLabels) return 0;
  const inputs = readFinite(folder, 'X_fresh.npy');
  const [samples = 0] = inputs.shape;
  if (inputs.shape.length !== 2 || samples === 0 || inputs.shape[1] !== dimension)
    refuseShape(folder, 'X_fresh.npy', inputs, `X has rows of ${dimension} numbers: give fresh samples of that length`);
  requireLabels(folder, 'y_fresh.npy', samples);
  const path = join(folder, 'y_fresh.npy');
  classNumbers(path, readArrayFile(path).data, classes);
  return samples;
}

function requireDirections(path: string, dimension: number): void {
  const array = readArrayFile(path);
  if (array.shape.length !== 2 || array.shape[1] !== dimension || !array.data.every(Number.isFinite))
    throw new UsageError(
      `--directions: ${path} has shape ${shapeOf(array)}, but it must be k×${dimension} finite numbers, one direction of X a row`,
    );
}

function filesOf(
  folder: string,
  suffix: string,
  { model }: DrawSettings,
  hasFresh: boolean,
  directions: string | undefined,
): CheckpointFiles {
  const path = (name: string) => resolve(folder, name);
  return {
    inputs: path('X.npy'),
    labels: path('y.npy'),
    readout: path(`V${suffix}.npy`),
    ...(takesSetting(model, 'width') ? { hiddenLayer: path(`W${suffix}.npy`) } : {}),
    ...(hasFresh ? { freshInputs: path('X_fresh.npy'), freshLabels: path('y_fresh.npy') } : {}),
    ...(directions === undefined ? {} : { directions: resolve(directions) }),
  };
}
