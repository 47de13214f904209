import type { LayerInitialisation } from '../../theory/contracts.js';
import { UsageError } from '../../theory/errors.js';
import { paperActivation, takesSetting, type Layer } from '../../theory/names.js';
import type { DrawSettings, RandomStream, Workspace } from '../contracts.js';
import { randomStream } from '../random/index.js';
import type { Activation } from '../network/activation.js';
import { ClassStatistics, type BlockIndex, type WantedBlocks } from '../network/classStatistics.js';
import { fillLayer, layerInitialisation } from '../network/layerInitialisation.js';
import { entriesOf, splitLayers, type LayerSize } from '../network/layerSizes.js';
import type { Draw, UnitFields } from '../network/model.js';
import { createReadout, keptReadout } from '../network/readout.js';
import { requireIndex } from '../network/requireIndex.js';
import { forgetInputs, holdInputs, requireInputs } from '../network/requireInputs.js';
import { activationNamed } from './activations.js';
import { modelOf } from './modelOf.js';
import { validateDrawSettings } from './validateDrawSettings.js';

/**
 * Writes the inputs of one draw to `workspace.inputs`, from the stream alone. Further inputs of the same draw are had by
 * giving again, as `common`, the stream of the first: what all inputs of a draw share comes from there.
 */
export type InputSampler = (workspace: Workspace, stream: RandomStream, common?: RandomStream) => void;

/** What is drawn otherwise than by the settings, and what will be read of it. */
export interface DrawOptions {
  /** Blocks to be read later, so that one pass over the classes serves them all. Others cost a pass each. */
  readonly wanted?: WantedBlocks;
  /** In place of the activation named in the settings. */
  readonly activation?: Activation;
  /** In place of independent standard normals. */
  readonly inputs?: InputSampler;
  /** In place of the scheme named in the settings. */
  readonly layers?: { readonly [layer in Layer]?: LayerInitialisation };
  /**
   * V is kept up to this many entries and drawn again whenever it is read beyond it; by default `READOUT_ENTRIES_KEPT`.
   */
  readonly readoutEntriesKept?: number;
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
  const { samples, classes, initialisation } = settings;
  requireWorkspace(settings, workspace);
  if (!Number.isSafeInteger(replicate) || replicate < 0) {
    throw new UsageError(
      `replicate must be a whole number of at least 0, got ${String(replicate)}; count replicates from zero`,
    );
  }
  const stream = (part: string) => randomStream(seed, part, replicate);

  forgetInputs(workspace);
  if (options.inputs === undefined) workspace.drawInputs(stream('inputs'));
  else options.inputs(workspace, stream('inputs'));

  const labels = new Int32Array(samples);
  const labelStream = stream('labels');
  for (let n = 0; n < samples; n++) labels[n] = labelStream.integer(classes);

  const model = modelOf(settings);
  const { below, readout } = splitLayers(model, settings);
  const schemeOf = ({ layer, fanIn, fanOut }: LayerSize) =>
    options.layers?.[layer] ?? layerInitialisation(initialisation, fanIn, fanOut);
  const hiddenLayer = new Float64Array(entriesOf(below));
  let start = 0;
  for (const layer of below) {
    const end = start + entriesOf([layer]);
    fillLayer(stream(layer.symbol), schemeOf(layer), layer.fanIn, hiddenLayer.subarray(start, end));
    start = end;
  }
  const openReadout = () => stream(readout.symbol);
  return assembleDraw(
    {
      model,
      settings,
      seed,
      replicate,
      workspace,
      activation: options.activation ?? activationOf(settings),
      labels,
      hiddenLayer,
      readout: createReadout(classes, readout.fanIn, schemeOf(readout), openReadout, options.readoutEntriesKept),
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
  /** The layers below the readout: W, m×d; empty for the linear model. */
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
  const { samples, classes } = settings;
  const model = modelOf(settings);
  const sizes = splitLayers(model, settings);
  requireWorkspace(settings, workspace);
  requireLength('labels', labels, samples);
  requireLength('hiddenLayer', hiddenLayer, entriesOf(sizes.below));
  requireLength('readout', readout, entriesOf([sizes.readout]));
  labels.forEach((label, n) => requireIndex(`labels[${n}]`, label, classes));
  return assembleDraw(
    {
      model,
      settings,
      seed: '',
      replicate: 0,
      workspace,
      activation: parts.activation ?? activationOf(settings),
      labels,
      hiddenLayer,
      readout: keptReadout(classes, sizes.readout.fanIn, readout),
      isDrawn: false,
      hasStandardNormalInputs: false,
    },
    parts.wanted,
  );
}

/** Fields of a draw from its layers and the inputs in the workspace. */
function assembleDraw(parts: Omit<Draw, keyof UnitFields | 'statistics'>, wanted?: WantedBlocks): Draw {
  const fields = { ...parts, ...parts.model.fields(parts) };
  const draw: Draw = { ...fields, statistics: new ClassStatistics(fields, () => requireInputs(draw)) };
  holdInputs(draw);
  draw.statistics.prepare(wanted ?? defaultBlocks(draw));
  return draw;
}

/** The activation that the settings name; the paper's for models without one. */
export function activationOf(settings: DrawSettings): Activation {
  return activationNamed(takesSetting(settings.model, 'activation') ? settings.activation : paperActivation);
}

function requireWorkspace({ dimension, samples }: DrawSettings, workspace: Workspace): void {
  if (workspace.dimension !== dimension || workspace.samples !== samples) {
    throw new UsageError(
      `workspace must be of the size of the settings, ${dimension}×${samples}, got ${workspace.dimension}×${workspace.samples}; create one of that size`,
    );
  }
}

function requireLength(name: string, values: ArrayLike<number>, length: number): void {
  if (values.length !== length) {
    throw new UsageError(
      `${name} must have ${length} entries to agree with the settings, got ${values.length}; check sizes and order`,
    );
  }
}

/** One diagonal and one off-diagonal block of each layer, where there are two. */
function defaultBlocks({ model, settings }: Draw): WantedBlocks {
  const blocks: readonly BlockIndex[] = [
    [0, 0],
    [0, 1],
  ];
  return Object.fromEntries(
    model.layers.map(({ layer, count }) => [layer, blocks.slice(0, count(settings) > 1 ? 2 : 1)]),
  );
}
