export { activationFunctions, type ActivationFunctions } from '../network/activationFunctions.js';
export { gateMeasure, gateProbability } from '../network/gates.js';
export { gatedNormalWeights, type OpenWeights } from './gatedNormalWeights.js';
export { hiddenWeightsGivenReadout, type HiddenWeightsOptions } from './hiddenWeightsGivenReadout.js';
export {
  initialisationScheme,
  type InitialisationScheme,
  type InitialisationSizes,
} from '../network/initialisationScheme.js';
export { empiricalFisherWeights, type EmpiricalFisherWeightsOptions } from './empiricalFisherWeights.js';
export { normalResidualWeights, type NormalResidualWeightsOptions } from './normalResidualWeights.js';
export { softmaxMoment, softmaxWeightMoment } from './softmaxMoment.js';
export type { SoftmaxMomentOptions, SoftmaxScaling, SoftmaxWeightMomentOptions } from './softmaxMoment.js';
export { softmaxWeights, type SoftmaxWeightsOptions } from './softmaxWeights.js';
export { softmaxWeightsGivenGram, type SoftmaxWeightsGivenGramOptions } from './softmaxWeightsGivenGram.js';
export type { EstimatedMeasure } from './estimatedMeasure.js';
