export { crossLayerNorms, type CrossLayerNorms, type CrossLayerSpec } from './crossLayerNorms.js';
export {
  crossLayerNormsGivenReadout,
  type CrossLayerNormsGivenReadout,
  type GivenReadoutSpec,
} from './crossLayerNormsGivenReadout.js';
