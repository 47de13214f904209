export {
  initialisationScheme,
  type InitialisationScheme,
  type InitialisationSizes,
} from '../network/initialisationScheme.js';
export { outputBlockMean, type EstimatedMatrix, type OutputBlockMeanOptions } from '../norms/outputBlockMean.js';
export { blockLaw, type BlockLaw, type BlockLawSpec } from './blockLaw.js';
export { estimatedLaw } from './estimatedLaw.js';
export { frobeniusRatio, type FrobeniusRatio, type FrobeniusRatioSpec } from '../ratios/frobeniusRatio.js';
