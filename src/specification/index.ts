export { expandSpec, type SweepPoint } from './expandSpec.js';
export { loadSpec } from './loadSpec.js';
export { printSpec } from './printSpec.js';
export { type ComparisonName, type InputSpec, type Rule, type SweepSpec } from './spec.js';
export { specError } from './specError.js';
export { specSchema } from './specSchema.js';
export { printTrainSpec } from './printTrainSpec.js';
export { trainSchema } from './trainSchema.js';
export { loadTrainSpec, trainSpecOf, type TrainSpec } from './trainSpec.js';
