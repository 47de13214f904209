export { choleskyFactor } from './choleskyFactor.js';
export type { InputContents, InputDistribution } from './inputDistribution.js';
export { inputSampler } from './inputSampler.js';
export { standardiseColumns } from './standardiseColumns.js';
