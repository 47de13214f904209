export { deepRatios, type DeepNetwork, type DeepRatio } from './deepRatio.js';
export { bothOpen, layerCosines } from './layerCosines.js';
