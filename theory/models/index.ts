export {
  initialisationScheme,
  type InitialisationScheme,
  type InitialisationSizes,
} from '../weights/initialisationScheme.js';
export { outputBlockMean, type EstimatedMatrix, type OutputBlockMeanOptions } from '../weights/outputBlockMean.js';
export { blockLaw, type BlockLaw, type BlockLawSpec } from './blockLaw.js';
export { frobeniusRatio, type FrobeniusRatio, type FrobeniusRatioSpec } from './frobeniusRatio.js';
