export {
  initialisationScheme,
  type InitialisationScheme,
  type InitialisationSizes,
} from '../network/initialisationScheme.js';
export { outputBlockMean, type EstimatedMatrix, type OutputBlockMeanOptions } from '../norms/outputBlockMean.js';
export { blockLaw } from './blockLaw.js';
export { estimatedLaw } from './estimatedLaw.js';
export { frobeniusRatio } from './frobeniusRatio.js';
export type { BlockLaw, BlockLawSpec, FrobeniusRatio, FrobeniusRatioSpec, ModelSetting, ModelTheory } from './model.js';
export { modelTheories, type LayersOfModel } from './modelTheories.js';
export { wholeLaw } from './wholeLaw.js';
export { outliersOfModel, type OutliersOfModelOptions } from './outliersOfModel.js';
