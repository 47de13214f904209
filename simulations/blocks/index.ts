export { hiddenBlockNorms, outputBlockNorms } from './blockNorms.js';
export { crossBlock, mixedCurvature, outputResidual, type CrossBlock } from './crossBlock.js';
export { crossBlockNorms, type CrossBlockNorms } from './crossBlockNorms.js';
export { fullHessian, hessianOrder, LARGEST_DENSE_ORDER } from './fullHessian.js';
export { hessianHeatMap, type HeatMapOptions, type HessianHeatMap } from './hessianHeatMap.js';
export { hiddenBlock, hiddenBlockWeights } from './hiddenBlock.js';
export {
  layerBlocks,
  modelBlocks,
  observeBlock,
  weightedLayer,
  type LayerBlocks,
  type ModelBlocks,
  type ObservedBlock,
} from './layerBlocks.js';
export { linearBlock, linearBlockWeights } from './linearBlock.js';
export { outputBlock } from './outputBlock.js';
export { outputWeights } from './outputWeights.js';
export { coordinates, orthonormalise, projectionBasis, twinInputs, type ProjectionBasis } from './projectionBasis.js';
export { visitHessianTiles, type HessianRegion, type HessianTile } from './visitHessianTiles.js';
