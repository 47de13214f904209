import type { LayerInitialisation } from '../../../theory/contracts.js';
import { paperInitialisation } from '../../../theory/names.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { wasmBackend } from '../../../simulations/linalg/wasm/wasmBackend.js';
import { drawReplicate, fillLayer, layerOf } from '../../../simulations/models/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { scalingOf, unitOf } from './lawOfState.js';
import { familyOf, samplesOf } from './state.js';
import type { ExplorerState } from './state.js';

const readoutScheme = (state: ExplorerState): LayerInitialisation => ({
  varianceFactor: state.logitVariance,
  distribution: 'normal',
});

/** V of the hidden model, C×m: the same numbers as in a draw with this seed. */
export function drawReadout(state: ExplorerState): Float64Array {
  const readout = new Float64Array(state.classes * state.width);
  fillLayer(randomStream(state.seed, 'V', 0), readoutScheme(state), state.width, readout);
  return readout;
}

/**
 * Eigenvalues of one block of one Hessian at initialisation, by the embedded kernels. Scaled and in the unit of the
 * law.
 */
export function drawEigenvalues(state: ExplorerState): Float64Array {
  const { loss, block, activation, classes, width, dimension, seed } = state;
  const { model, layer } = familyOf(state);
  const samples = samplesOf(state);
  const settings: DrawSettings = {
    model,
    loss,
    activation,
    initialisation: paperInitialisation,
    dimension,
    samples,
    classes,
    width,
  };
  const backend = wasmBackend();
  const workspace = backend.createWorkspace(dimension, samples);
  const j = block === 'diagonal' ? 0 : 1;
  const draw = drawReplicate(settings, workspace, seed, 0, {
    layers: { output: readoutScheme(state) },
    wanted: { [layer]: [[0, j] as const] },
  });
  const { weights: weightsOf, matrix, order } = layerOf(draw.model, layer);
  if (weightsOf === undefined) return backend.symmetricEigenvalues(matrix(draw, 0, j), order(settings));
  const weights = weightsOf(draw, 0, j);
  let factor = scalingOf(state).factor(state);
  if (unitOf(state) !== '') factor = 1 / draw.statistics.readoutGram()[j]!;
  return workspace.eigenvalues(weights.map((weight) => weight * factor));
}
