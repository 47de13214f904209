import { takesSetting } from '../../theory/names.js';
import type { DrawSettings } from '../contracts.js';
import { entriesOf, splitLayers } from '../network/layerSizes.js';
import { readoutEntriesKept, readoutTileEntries } from '../network/readout.js';
import { modelOf } from './modelOf.js';
import { validateDrawSettings } from './validateDrawSettings.js';

/** Bytes of one draw in one worker, by what holds them. */
export interface MemoryPrediction {
  /** The embedded backend's workspace: X twice (as drawn and packed), one d×d matrix, fields of a tile of classes. */
  readonly workspace: number;
  /** The draw: layers, fields over samples, averages over classes for the default blocks. */
  readonly draw: number;
  /** One block taken out of the workspace, with its weights. */
  readonly block: number;
  readonly total: number;
}

const bytes = 8;
/** The compiled kernels' own tables and panels, in numbers: constant, and per coordinate. Measured. */
const kernelConstant = 80_000;
const kernelPerCoordinate = 740;
/** Rows of the tile of fields and of the vectors beside it. */
const fieldRows = 111;

/**
 * What one draw with its default blocks needs, before anything is allocated; within 20 % of the typed arrays that are
 * then allocated by the embedded backend. Large C costs nothing but V, and V only up to `READOUT_ENTRIES_KEPT` entries.
 * Throws a UsageError on impossible settings.
 */
export function predictMemory(settings: DrawSettings): MemoryPrediction {
  validateDrawSettings(settings);
  const { loss, dimension, samples } = settings;
  const model = modelOf(settings);
  const layers = splitLayers(model, settings);
  const units = model.units(settings);
  const workspace =
    bytes *
    (2 * samples * dimension +
      dimension * dimension +
      fieldRows * samples +
      kernelPerCoordinate * dimension +
      kernelConstant);
  const entries = entriesOf([layers.readout]);
  const readout = entries <= readoutEntriesKept ? entries : Math.max(readoutTileEntries, layers.readout.fanIn);
  // Log-normaliser and total, means of two columns and two covariances of features; probabilities of two classes. Under
  // the squared error, none.
  const hiddenUnits = layers.below.reduce((sum, { fanOut }) => sum + fanOut, 0);
  const fields = 3 * hiddenUnits + (loss === 'mse' ? 0 : units > 0 ? 8 : 2) + passFields(settings, hiddenUnits);
  const draw = bytes * (entriesOf(layers.below) + readout + fields * samples) + 4 * samples;
  const order = layers.below.reduce((most, { fanOut }) => Math.max(most, fanOut), dimension);
  const block = bytes * (order * order + samples);
  return { workspace, draw, block, total: workspace + draw + block };
}

/** Rows of N numbers of the backward pass and of the responses of a walk over blocks; see `DeepDerivatives`. */
function passFields({ model, classes, dimension }: DrawSettings, hiddenUnits: number): number {
  if (!takesSetting(model, 'widths')) return 0;
  const [ofDraw, ofResponses] = [2, 10];
  return classes + dimension + (ofDraw + ofResponses) * hiddenUnits;
}
