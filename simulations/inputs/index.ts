export { chooseRows } from './chooseRows.js';
export { clusterLabels } from './clusters.js';
export { choleskyFactor } from './choleskyFactor.js';
export type { InputContents, InputDistribution, InputOf } from './inputDistribution.js';
export { dataRows, inputSampler } from './inputSampler.js';
export { standardiseColumns } from './standardiseColumns.js';
