/**
 * The public API. Each export's doc comment gives its formula, valid range, accuracy and source; paper-notes.md ties
 * them to their tests.
 */

// Laws: pure functions, the same in Node and in a browser (also as 'limitlaw/theory').
export * from '../theory/index.js';

// Samplers: seeded streams, backends, models at initialisation, blocks of their Hessians.
export type {
  Backend,
  BackendName,
  DrawSettings,
  RandomStream,
  Spectrum,
  Workspace,
} from '../simulations/contracts.js';
export { randomStream } from '../simulations/random/index.js';
export { createBackend } from '../simulations/linalg/index.js';
export { inputSampler, type InputDistribution } from '../simulations/inputs/index.js';
export {
  activationFrom,
  activationNamed,
  drawFromParts,
  drawReplicate,
  predictMemory,
  type Activation,
  type Draw,
  type DrawOptions,
} from '../simulations/models/index.js';
export {
  crossBlock,
  fullHessian,
  hessianHeatMap,
  hiddenBlock,
  hiddenBlockWeights,
  linearBlock,
  linearBlockWeights,
  outputBlock,
  projectionBasis,
  twinInputs,
} from '../simulations/blocks/index.js';

// Comparisons: distances, nulls that are drawn, tests whose power is known.
export {
  couplingCheck,
  distances,
  fitExponent,
  holm,
  iidKolmogorovPValue,
  judge,
  kolmogorovDistance,
  laneTest,
  meanSpectrumTest,
  monteCarloPValue,
  nullSpectra,
  pooledChiSquare,
  rateInClasses,
  ratioInterval,
  requiredReplicates,
  separateOutliers,
  spectrumGaps,
  twoSampleKolmogorov,
  type Distances,
} from '../simulations/comparisons/index.js';

// A spectrum alone: a white bulk and what stands outside it.
export { fitBulk, type BulkFit, type FitBulkOptions } from './draws/bulk/fitBulk.js';
export { bulkNull, type BulkNull, type BulkNullSettings } from './draws/bulk/bulkNull.js';

// The main job.
export { claimIds, claims, type Claim, type ClaimId } from './claims/index.js';
export {
  parsePerturbation,
  resolveCheck,
  runCheck,
  type CheckOutcome,
  type CheckRequest,
} from './pipeline/check/runCheck.js';
export { presets, type Preset, type PresetName } from './claims/presets.js';
export type { ClaimResult, Evidence, PaperSentence, RunResults } from '../figures/results.js';
export { readNpy, writeNpy } from './store/formats/index.js';
export { version } from './version.js';
