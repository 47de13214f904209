export { choleskyFactor } from './choleskyFactor.js';
export type { InputDistribution } from './inputDistribution.js';
export { inputSampler } from './inputSampler.js';
export { standardiseColumns } from './standardiseColumns.js';
