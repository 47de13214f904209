export { deepCrossNorms, type DeepCrossNorms } from './deepCrossNorms.js';
export type { DeepNetwork } from './deepNetwork.js';
export { deepRatios, type DeepRatio } from './deepRatio.js';
export { bothOpen, layerCosines } from './layerCosines.js';
export { deepBlockLaw, type DeepBlockLaw, type DeepBlockLawSpec } from './spectra/deepBlockLaw.js';
export { deepOpenWeights, type DeepBlock } from './spectra/deepOpenWeights.js';
export { finalNormFloor, valueFloor, type FinalNorm } from './widthFloors.js';
