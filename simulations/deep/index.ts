export { drawDeepNetwork, type DeepNetworkSettings, type DrawnDeepNetwork } from './drawDeepNetwork.js';
export { deepSampler, type DeepLayerNorms } from './deepNorms.js';
export { memoryOfDeepDraw } from './memoryOfDeepDraw.js';
export { deepCrossSampler, type DeepCrossBlockNorms } from './deepCrossNorms.js';
