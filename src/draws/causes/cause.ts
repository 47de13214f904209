/** Why a spectrum may differ from the law that was stated for it. */
import type { Spike } from '../bulk/estimateBulk.js';

/** A factor between a spectrum and its law, as people make it: product of powers of 2, N and C. */
export interface NamedFactor {
  /** '2', 'N', 'C/2' … */
  readonly text: string;
  readonly value: number;
  /** What makes it: 'a sum over the samples where the law has the mean'. */
  readonly meaning: string;
}

interface Shape {
  /** Root mean square of ranks off their places, of the best of each kind that was tried: about 0.8 for the true one. */
  readonly tried: readonly { readonly name: 'other N' | 'rows or columns' | 'heavy tails'; readonly rms: number }[];
  /** How far the largest five eigenvalues lie above what rows or columns explain, in standard deviations. */
  readonly topScore: number;
}

/** What is found; the words of the list are all there are. */
export type Finding =
  /** The spectrum is `ratio` times the law, 95 % interval; `named` are the factors that do it, none where it is nobody's. */
  | {
      readonly name: 'factor';
      readonly ratio: number;
      readonly interval: readonly [number, number];
      readonly named: readonly NamedFactor[];
      /** N/(N − 1), or its inverse, lies in the interval: to be asked about, since one spectrum hardly tells it from 1. */
      readonly mayBeCentring: boolean;
    }
  /** N/d was given as d/N. */
  | { readonly name: 'swapped ratio'; readonly samples: number }
  /** One zero more than d − N: the mean was subtracted, N − 1 is exact. */
  | { readonly name: 'centred'; readonly samples: number }
  /** `expected` by the law; what is left is of `dimension` and `samples`, exact where d > N. */
  | {
      readonly name: 'zeros';
      readonly zeros: number;
      readonly expected: number;
      /** Empty or repeated samples, or dead columns. */
      readonly of: 'samples' | 'columns';
      readonly dimension: number;
      readonly samples: number;
    }
  | { readonly name: 'other N'; readonly samples: number; readonly interval: readonly [number, number] | undefined }
  /** Singular values of the data, or standard deviations: their squares are of the law. */
  | { readonly name: 'square roots' }
  | { readonly name: 'modes'; readonly above: readonly Spike[]; readonly below: readonly Spike[] }
  /** Correlated or of unequal variance: from a spectrum rows and columns cannot be told apart. */
  | ({ readonly name: 'rows or columns' } & Shape)
  /** Of the entries, or of the lengths of rows. */
  | ({ readonly name: 'heavy tails' } & Shape);

export type CauseName = Finding['name'];

/** With the cause allowed for. */
export interface Refit {
  /** σ², or the factor of a stated law. */
  readonly scale: number;
  readonly dimension: number;
  readonly samples: number;
  /** Of the shape of the bulk. */
  readonly pValue: number;
  readonly sentence: string;
}

export type Cause = Finding & {
  /** With all causes allowed for that hold together; undefined where there is nothing to fit. */
  readonly refit: Refit | undefined;
  readonly sentence: string;
};
