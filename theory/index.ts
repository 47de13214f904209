/** Everything in theory: pure mathematics, the same in Node and in a browser. */
export * from './contracts.js';
export { NumericalError, UsageError } from './errors.js';
export * from './measures/index.js';
export * from './gmp/index.js';
export * from './weights/index.js';
export {
  blockLaw,
  frobeniusRatio,
  outliersOfModel,
  wholeLaw,
  type BlockLaw,
  type BlockLawSpec,
  type FrobeniusRatio,
  type FrobeniusRatioSpec,
  type OutliersOfModelOptions,
} from './models/index.js';
export type { CubatureKernels } from './network/cubatureKernels.js';
export * from './norms/index.js';
export * from './norms/crossLayer.js';
export * from './outliers/index.js';
export * from './fluctuations/index.js';
export * from './matrixLaw/index.js';
export * from './separable/index.js';
export * from './dynamics/index.js';
export * from './deep/index.js';
export * from './head/index.js';
export * from './whiteBulk/index.js';
