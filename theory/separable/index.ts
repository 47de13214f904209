export type { Population } from './population.js';
export { separableLaw, type SeparableLawOptions } from './separableLaw.js';
export { toeplitzEigenvalues } from './toeplitzEigenvalues.js';
