export { outputBlockMean, type EstimatedMatrix, type OutputBlockMeanOptions } from './outputBlockMean.js';
export { blockNormsGivenLayers, type BlockNorm, type BlockNormsOptions } from './blockNormsGivenLayers.js';
export { linearBlockMoments, type LinearBlockMoments, type LinearBlockMomentsOptions } from './linearBlockMoments.js';
