export { hiddenBlockNorms, outputBlockNorms } from './blockNorms.js';
export { crossBlock, type CrossBlock } from './crossBlock.js';
export { fullHessian, hessianOrder, LARGEST_DENSE_ORDER } from './fullHessian.js';
export { hessianHeatMap, type HeatMapOptions, type HessianHeatMap } from './hessianHeatMap.js';
export { hiddenBlock, hiddenBlockWeights } from './hiddenBlock.js';
export { linearBlock, linearBlockWeights } from './linearBlock.js';
export { outputBlock } from './outputBlock.js';
export { coordinates, projectionBasis, twinInputs, type ProjectionBasis } from './projectionBasis.js';
export { visitHessianTiles, type HessianRegion, type HessianTile } from './visitHessianTiles.js';
