export {
  deepLinearMinimum,
  type DeepLinearMinimum,
  type DeepLinearMinimumOptions,
  type MultipleEigenvalue,
} from './deepLinearMinimum.js';
export { envelopeContact, lossEnvelope, residualNormBounds } from './lossEnvelope.js';
export {
  mostNegativeEigenvalues,
  residualBounds,
  type ResidualBounds,
  type ResidualBoundsOptions,
} from './residualBounds.js';
export {
  residualNormGivenResiduals,
  residualPartGivenResiduals,
  residualPartLaw,
  type ResidualPartGivenResiduals,
  type ResidualPartLaw,
  type ResidualPartLawOptions,
} from './residualPartLaw.js';
export {
  leastSquaresTraining,
  type LeastSquaresOptions,
  type LeastSquaresState,
  type LeastSquaresTraining,
} from './leastSquaresTraining.js';
export { oneStepGram, type OneStepGramOptions } from './oneStepGram.js';
export { oneStepWeights, type OneStepWeightsOptions, type StepOutcome } from './oneStepWeights.js';
