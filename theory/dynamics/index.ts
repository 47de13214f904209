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
