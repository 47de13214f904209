import type { LayerInitialisation } from '../../theory/contracts.js';
import { UsageError } from '../../theory/errors.js';
import type { DrawSettings, RandomStream, Workspace } from '../contracts.js';
import { randomStream } from '../random/index.js';
import type { Activation } from './activation.js';
import { activationNamed } from './activations.js';
import { fillLayer, layerInitialisation } from './layerInitialisation.js';
import { createReadout, keptReadout, type Readout } from './readout.js';
import { requireIndex, validateDrawSettings } from './validateDrawSettings.js';
import { ClassStatistics, type WantedBlocks } from './classStatistics.js';

/** Writes the inputs of one draw to `workspace.inputs`, from the stream alone. */
export type InputSampler = (workspace: Workspace, stream: RandomStream) => void;

export interface DrawOptions {
  /** Blocks to be read later, so that one pass over the classes serves them all. Others cost a pass each. */
  readonly wanted?: WantedBlocks;
  /** In place of the activation named in the settings. */
  readonly activation?: Activation;
  /** In place of independent standard normals. */
  readonly inputs?: InputSampler;
  /** In place of the scheme named in the settings. */
  readonly layers?: { readonly hidden?: LayerInitialisation; readonly output?: LayerInitialisation };
  /**
   * V is kept up to this many entries and drawn again whenever it is read beyond it; by default `READOUT_ENTRIES_KEPT`.
   */
  readonly readoutEntriesKept?: number;
}

/**
 * A model at initialisation on drawn data: everything a Hessian block is made of. Fields over samples are k×N, one row
 * of N per hidden unit. The inputs stay in the workspace, so a draw answers questions about them only until the
 * workspace is drawn into again; weights and output blocks of the hidden model need no inputs and stay valid.
 */
export interface Draw {
  readonly settings: DrawSettings;
  readonly seed: string;
  readonly replicate: number;
  readonly workspace: Workspace;
  readonly activation: Activation;
  /** y, N class numbers. */
  readonly labels: Int32Array;
  /** W, m×d, row-major; empty for the linear model. */
  readonly hiddenLayer: Float64Array;
  /** V, C×d for the linear model and C×m for the hidden one. */
  readonly readout: Readout;
  /** u = WXᵀ, m×N. */
  readonly preactivations: Float64Array;
  /** h = σ(u), m×N. */
  readonly features: Float64Array;
  /** σ'(u), m×N. */
  readonly slopes: Float64Array;
  /** Averages over classes that the blocks use. */
  readonly statistics: ClassStatistics;
  /** True when the layers come from streams, false when they were given. */
  readonly isDrawn: boolean;
  /** True when the inputs are independent standard normals, which the twin construction needs. */
  readonly hasStandardNormalInputs: boolean;
}

/** The draw whose inputs a workspace holds. */
const holder = new WeakMap<Workspace, Draw>();

/** Throws unless the workspace still holds the inputs of this draw. */
export function requireInputs(draw: Draw): void {
  if (holder.get(draw.workspace) !== draw) {
    throw new UsageError(
      'draw must still have its inputs in its workspace; they have been replaced by another draw or by a twin; read what needs inputs first, or draw again',
    );
  }
}

/** Says that the workspace no longer holds any draw's inputs. */
export function forgetInputs(workspace: Workspace): void {
  holder.delete(workspace);
}

/**
 * Draws model and data. Every part has its own stream, named by (seed, part, replicate) with parts 'inputs', 'W', 'V',
 * 'labels': changing the number of classes or the width leaves the inputs the same. Labels are uniform on the classes
 * and independent of the inputs. Throws a UsageError on impossible settings or a workspace of another size.
 */
export function drawReplicate(
  settings: DrawSettings,
  workspace: Workspace,
  seed: string,
  replicate: number,
  options: DrawOptions = {},
): Draw {
  validateDrawSettings(settings);
  const { dimension, samples, classes, model } = settings;
  requireWorkspace(settings, workspace);
  if (!Number.isSafeInteger(replicate) || replicate < 0) {
    throw new UsageError(
      `replicate must be a whole number of at least 0; got ${String(replicate)}; count replicates from zero`,
    );
  }
  const stream = (part: string) => randomStream(seed, part, replicate);
  const width = model === 'hidden' ? settings.width : 0;
  const fanIn = model === 'hidden' ? width : dimension;

  forgetInputs(workspace);
  if (options.inputs === undefined) workspace.drawInputs(stream('inputs'));
  else options.inputs(workspace, stream('inputs'));

  const labels = new Int32Array(samples);
  const labelStream = stream('labels');
  for (let n = 0; n < samples; n++) labels[n] = labelStream.integer(classes);

  const hiddenLayer = new Float64Array(width * dimension);
  if (model === 'hidden') {
    const scheme = options.layers?.hidden ?? layerInitialisation(settings.initialisation, dimension, width);
    fillLayer(stream('W'), scheme, dimension, hiddenLayer);
  }
  const scheme = options.layers?.output ?? layerInitialisation(settings.initialisation, fanIn, classes);
  return assembleDraw(
    {
      settings,
      seed,
      replicate,
      workspace,
      activation: options.activation ?? namedActivation(settings),
      labels,
      hiddenLayer,
      readout: createReadout(classes, fanIn, scheme, () => stream('V'), options.readoutEntriesKept),
      isDrawn: true,
      hasStandardNormalInputs: options.inputs === undefined,
    },
    options.wanted,
  );
}

/** A network and data from elsewhere: inputs already in the workspace, layers row-major, labels as class numbers. */
export interface GivenParts {
  readonly settings: DrawSettings;
  readonly workspace: Workspace;
  readonly labels: Int32Array;
  /** W, m×d; empty for the linear model. */
  readonly hiddenLayer: Float64Array;
  /** V, C×m, or C×d for the linear model. */
  readonly readout: Float64Array;
  readonly activation?: Activation;
  /** As in `DrawOptions`. */
  readonly wanted?: WantedBlocks;
}

/**
 * A draw of given parts, to take the blocks of a network drawn or trained elsewhere. Throws a UsageError when sizes
 * disagree.
 */
export function drawFromParts(parts: GivenParts): Draw {
  const { settings, workspace, labels, hiddenLayer, readout } = parts;
  validateDrawSettings(settings);
  const { dimension, samples, classes, model } = settings;
  const width = model === 'hidden' ? settings.width : 0;
  const fanIn = model === 'hidden' ? width : dimension;
  requireWorkspace(settings, workspace);
  requireLength('labels', labels, samples);
  requireLength('hiddenLayer', hiddenLayer, width * dimension);
  requireLength('readout', readout, classes * fanIn);
  labels.forEach((label, n) => requireIndex(`labels[${n}]`, label, classes));
  return assembleDraw(
    {
      settings,
      seed: '',
      replicate: 0,
      workspace,
      activation: parts.activation ?? namedActivation(settings),
      labels,
      hiddenLayer,
      readout: keptReadout(classes, fanIn, readout),
      isDrawn: false,
      hasStandardNormalInputs: false,
    },
    parts.wanted,
  );
}

/** Fields of a draw from its layers and the inputs in the workspace. */
function assembleDraw(
  parts: Omit<Draw, 'preactivations' | 'features' | 'slopes' | 'statistics'>,
  wanted?: WantedBlocks,
): Draw {
  const { settings, workspace, hiddenLayer, activation } = parts;
  const width = settings.model === 'hidden' ? settings.width : 0;
  const preactivations = new Float64Array(width * settings.samples);
  const features = new Float64Array(width * settings.samples);
  const slopes = new Float64Array(width * settings.samples);
  if (width > 0) {
    workspace.project(hiddenLayer, width, preactivations);
    activation.value(preactivations, features);
    activation.derivative(preactivations, slopes);
  }
  const fields = { ...parts, preactivations, features, slopes };
  const draw: Draw = { ...fields, statistics: new ClassStatistics(fields, () => requireInputs(draw)) };
  holder.set(workspace, draw);
  draw.statistics.prepare(wanted ?? defaultBlocks(settings));
  return draw;
}

function namedActivation(settings: DrawSettings): Activation {
  return activationNamed(settings.model === 'hidden' ? settings.activation : 'relu');
}

function requireWorkspace({ dimension, samples }: DrawSettings, workspace: Workspace): void {
  if (workspace.dimension !== dimension || workspace.samples !== samples) {
    throw new UsageError(
      `workspace must be of the size of the settings, ${dimension}×${samples}; got ${workspace.dimension}×${workspace.samples}; create one of that size`,
    );
  }
}

function requireLength(name: string, values: ArrayLike<number>, length: number): void {
  if (values.length !== length) {
    throw new UsageError(
      `${name} must have ${length} entries to agree with the settings; got ${values.length}; check sizes and order`,
    );
  }
}

/** One diagonal and one off-diagonal block of each layer, where there are two. */
function defaultBlocks(settings: DrawSettings): WantedBlocks {
  return {
    hidden:
      settings.model === 'hidden'
        ? settings.width > 1
          ? [
              [0, 0],
              [0, 1],
            ]
          : [[0, 0]]
        : [],
    output:
      settings.classes > 1
        ? [
            [0, 0],
            [0, 1],
          ]
        : [[0, 0]],
  };
}
