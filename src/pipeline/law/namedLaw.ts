import type { Outlier, SpectralLaw } from '../../../theory/contracts.js';
import type { MultipleEigenvalue } from '../../../theory/dynamics/index.js';

/** A law asked for, with what is known beside it. */
export interface NamedLaw {
  readonly law?: SpectralLaw;
  readonly scale?: string;
  readonly eigenvalues?: readonly number[];
  readonly curve?: readonly CurveRow[];
  /** All eigenvalues of a matrix that is known exactly, descending. */
  readonly spectrum?: readonly MultipleEigenvalue[];
  readonly note?: string;
  readonly outliers?: readonly Outlier[];
}

type JsonNumber = number | 'inf' | '-inf';

/** What training has come to after some steps; the losses are those of theory/dynamics, per output for squared error. */
export interface CurveRow {
  readonly steps: JsonNumber;
  readonly trainingLoss: JsonNumber;
  readonly freshLoss: JsonNumber;
  /** ‖(1/N) Xᵀ r‖² of an output. */
  readonly gradientPower: JsonNumber;
}
