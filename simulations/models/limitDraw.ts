import { UsageError } from '../../theory/errors.js';
import type { DrawSettings, RandomStream, Workspace } from '../contracts.js';
import type { WantedBlocks } from '../network/classStatistics.js';
import { fillLayer, layerInitialisation } from '../network/layerInitialisation.js';
import type { Draw } from '../network/model.js';
import { drawFromParts } from './draw.js';
import { modelNamed } from './modelNamed.js';

/** Directions that the weights of a model depend on: the rows of its first layer. */
export function weightDirections(settings: DrawSettings): number {
  return modelNamed(settings.model).layers[0].count(settings);
}

/**
 * A draw of the limit d → ∞ at fixed C and m: in the span of the directions its weights depend on, which are orthogonal
 * there, with rows of length √varianceFactor. Its first layer is that multiple of the identity, so that logits (linear)
 * or pre-activations (hidden) are independent normals exactly, and its samples have the limit's weights at the cost of
 * `weightDirections` coordinates an input. The readout of the hidden model is drawn; labels are uniform.
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
  const first = layerInitialisation(initialisation, Number.MAX_SAFE_INTEGER, directions);
  const identity = new Float64Array(directions * directions);
  for (let k = 0; k < directions; k++) identity[k * directions + k] = Math.sqrt(first.varianceFactor);
  const parts = { settings, workspace, labels, wanted };
  const units = modelNamed(settings.model).units(settings);
  if (units === 0) return drawFromParts({ ...parts, hiddenLayer: new Float64Array(0), readout: identity });
  const readout = new Float64Array(classes * units);
  fillLayer(stream, layerInitialisation(initialisation, units, classes), units, readout);
  return drawFromParts({ ...parts, hiddenLayer: identity, readout });
}
