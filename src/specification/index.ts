export { expandSpec, type SweepPoint } from './expandSpec.js';
export { loadSpec, specError } from './loadSpec.js';
export { printSpec } from './printSpec.js';
export { type ComparisonName, type InputSpec, type Rule, type SweepSpec } from './spec.js';
export { specSchema } from './specSchema.js';
