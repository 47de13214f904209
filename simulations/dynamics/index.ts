export type {
  CrossObservation,
  ExactStatement,
  StatementId,
  LayerObservation,
  MarkObservation,
  UnitObservation,
  WeightedBlockObservation,
} from './contract.js';
export { defaultSpectrumOrder, markParts, observeMark, type MarkOptions } from './observeMark.js';
export type { Balance } from './unitStatements.js';
export { atMost, equal, equalVectors, roundingOf } from './statement.js';
