export { complementaryErrorFunction, errorFunction } from '../expressions/errorFunction.js';
export { activationFrom, type Activation } from '../network/activation.js';
export { type BlockIndex, type WantedBlocks } from '../network/classStatistics.js';
export { fillLayer, layerInitialisation } from '../network/layerInitialisation.js';
export { layerOf, weightedLayer } from '../network/layerOf.js';
export { type Draw, type LayerBlocks, type ModelSampler } from '../network/model.js';
export { createReadout, keptReadout, readoutEntriesKept, type Readout } from '../network/readout.js';
export { activationNamed } from './activations.js';
export {
  activationOf,
  drawFromParts,
  drawReplicate,
  type DrawOptions,
  type GivenParts,
  type InputSampler,
} from './draw.js';
export { drawLimit, weightDirections } from './limitDraw.js';
export { modelOf } from './modelOf.js';
export { predictMemory, type MemoryPrediction } from './predictMemory.js';
export { validateDrawSettings } from './validateDrawSettings.js';
