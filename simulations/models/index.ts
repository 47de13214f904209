export { activationFrom, type Activation } from './activation.js';
export { activationNamed } from './activations.js';
export { type BlockIndex, type WantedBlocks } from './classStatistics.js';
export {
  drawFromParts,
  drawReplicate,
  type Draw,
  type DrawOptions,
  type GivenParts,
  type InputSampler,
} from './draw.js';
export { complementaryErrorFunction, errorFunction } from '../expressions/errorFunction.js';
export { fillLayer, layerInitialisation } from './layerInitialisation.js';
export { drawLimit, weightDirections } from './limitDraw.js';
export { predictMemory, type MemoryPrediction } from './predictMemory.js';
export { createReadout, keptReadout, READOUT_ENTRIES_KEPT, type Readout } from './readout.js';
export { validateDrawSettings } from './validateDrawSettings.js';
