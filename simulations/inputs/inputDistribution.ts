/** The distributions inputs may have, as data: a name of theory/names.ts with what it needs, files already read. */
import type { inputDistributions, InputName, InputNumberName, InputRadius } from '../../theory/names.js';

type Numbers<Kind extends InputName> = {
  readonly [Name in Extract<(typeof inputDistributions)[Kind]['needs'][number], InputNumberName>]: number;
};

/** What a distribution holds besides its numbers. */
export interface InputContents {
  /** Brought to average variance 1 a coordinate. */
  readonly clusters: { readonly standardise: boolean };
  readonly student: { readonly radius: InputRadius };
  /** A symmetric positive semidefinite d×d matrix, row-major. */
  readonly covariance: { readonly matrix: Float64Array };
  /** Rows of a data set, count×d, row-major. */
  readonly data: { readonly rows: Float64Array; readonly count: number; readonly standardise: boolean };
}

type Contents<Kind extends InputName> = Kind extends keyof InputContents ? InputContents[Kind] : unknown;

/** One distribution, by its name. */
export type InputOf<Kind extends InputName> = { readonly kind: Kind } & Numbers<Kind> & Contents<Kind>;

/** Any distribution of inputs, with all that is needed to draw from it. */
export type InputDistribution = { [Kind in InputName]: InputOf<Kind> }[InputName];
