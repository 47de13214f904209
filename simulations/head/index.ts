export { halvesTest, type HalvesTest } from './halvesTest.js';
export { keptBytes } from './keptLogits.js';
export { numberedGroups } from './numberedGroups.js';
export {
  equivalentTest,
  excess,
  matchedFeatures,
  normMetric,
  type Alternative,
  type EquivalentRequest,
  type EquivalentTest,
} from './equivalent/index.js';
export { headSums, type HeadRequest, type HeadSums } from './headSums.js';
export { combined, jackknife, noPairs, type Estimate, type PairTotals } from './pairTotals.js';
export { readoutDraws, type DrawnSums } from './readoutDraws.js';
export { rowsInMemory, type RowSource } from './rowSource.js';
export type { RowSums } from './rowSums.js';
export { namedFeatures, type NamedFeatures } from './namedFeatures.js';
export { headTileRows as mostRowsInTile, headWorkspaceBytes } from '../linalg/wasm/headRegions.js';
export { rowSumDefect } from './rowSumDefect.js';
export { tokenFields, type TokenFields } from './tokenFields.js';
export { damping, WhitenedHead } from './whitenedHead.js';
export { whitenedEnergy, whitenedSpectrum, type SpectrumEnds } from './whitenedNumbers.js';
