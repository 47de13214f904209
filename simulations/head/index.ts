export { headSums, type HeadRequest, type HeadSums } from './headSums.js';
export { combined, jackknife, noPairs, type Estimate, type PairTotals } from './pairTotals.js';
export { readoutDraws, type DrawnSums } from './readoutDraws.js';
export { rowsInMemory, type RowSource } from './rowSource.js';
export type { RowSums } from './rowSums.js';
export { namedFeatures, type NamedFeatures } from './namedFeatures.js';
export { headTileRows as mostRowsInTile, headWorkspaceBytes } from '../linalg/wasm/headRegions.js';
