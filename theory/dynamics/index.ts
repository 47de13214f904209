export { envelopeContact, lossEnvelope, residualNormBounds } from './lossEnvelope.js';
export {
  mostNegativeEigenvalues,
  residualBounds,
  type ResidualBounds,
  type ResidualBoundsOptions,
} from './residualBounds.js';
