import { UsageError } from '../../theory/errors.js';
import type { DrawSettings, RandomStream, Workspace } from '../contracts.js';
import type { WantedBlocks } from '../network/classStatistics.js';
import { fillLayer, layerInitialisation } from '../network/layerInitialisation.js';
import { entriesOf, splitLayers } from '../network/layerSizes.js';
import type { Draw } from '../network/model.js';
import { drawFromParts } from './draw.js';
import { modelOf } from './modelOf.js';

/** Directions that the weights of a model depend on: the rows of its first layer. */
export function weightDirections(settings: DrawSettings): number {
  return modelOf(settings).layers[0].count(settings);
}

/**
 * A draw of the limit d → ∞ at fixed C and m: in the span of the directions its weights depend on, which are orthogonal
 * there, with rows of length √varianceFactor. Its first layer is that multiple of the identity, so that logits (linear)
 * or pre-activations (hidden) are independent normals exactly, and its samples have the limit's weights at the cost of
 * `weightDirections` coordinates an input. The layers above the first are drawn; labels are uniform.
 *
 * The inputs are complete only for what lies in that span: weights, output blocks, mean cross-layer blocks.
 *
 * @throws UsageError unless the settings' dimension is `weightDirections`, or as `drawReplicate`
 */
export function drawLimit(
  settings: DrawSettings,
  workspace: Workspace,
  stream: RandomStream,
  wanted: WantedBlocks,
): Draw {
  const { dimension, samples, classes, initialisation } = settings;
  const directions = weightDirections(settings);
  if (dimension !== directions) {
    throw new UsageError(
      `drawLimit: dimension must be the number of directions ${directions}, got ${dimension}; the limit has no other coordinate`,
    );
  }
  workspace.drawInputs(stream);
  const labels = Int32Array.from({ length: samples }, () => stream.integer(classes));
  const { below, readout } = splitLayers(modelOf(settings), settings);
  const hiddenLayer = new Float64Array(entriesOf(below));
  const last = new Float64Array(entriesOf([readout]));
  let start = 0;
  for (const [place, layer] of [...below, readout].entries()) {
    const end = start + entriesOf([layer]);
    const rows = layer === readout ? last : hiddenLayer.subarray(start, end);
    if (place === 0) {
      const { varianceFactor } = layerInitialisation(initialisation, Number.MAX_SAFE_INTEGER, directions);
      for (let k = 0; k < directions; k++) rows[k * directions + k] = Math.sqrt(varianceFactor);
    } else fillLayer(stream, layerInitialisation(initialisation, layer.fanIn, layer.fanOut), layer.fanIn, rows);
    start = end;
  }
  return drawFromParts({ settings, workspace, labels, wanted, hiddenLayer, readout: last });
}
