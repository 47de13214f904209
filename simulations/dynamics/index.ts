export type {
  CrossObservation,
  ExactStatement,
  LayerObservation,
  MarkObservation,
  UnitObservation,
  WeightedBlockObservation,
} from './contract.js';
export { observeMark, type MarkOptions } from './observeMark.js';
export type { Balance } from './unitStatements.js';
