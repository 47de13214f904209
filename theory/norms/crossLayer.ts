export { crossLayerNorms, type CrossLayerNorms, type CrossLayerSpec } from './crossLayerNorms.js';
export { crossLayerNormsGivenReadout, type CrossLayerNormsGivenReadout } from './crossLayerNormsGivenReadout.js';
export type { GivenReadoutSpec } from './crossLayerSums.js';
