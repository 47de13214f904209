import type { ModelOptions } from '../options/modelOptions.js';
import { jsonNumber } from '../options/textOptions.js';

/** The options of `limitlaw ratio`, as text. */
export interface RatioCommandOptions extends Omit<ModelOptions, 'block' | 'scaling' | 'classes'> {
  /** Comma-separated; inf for the limit. */
  readonly classes?: string | undefined;
  readonly aspectRatio?: string | undefined;
  /** Of a head: the name of a law, or a file. */
  readonly features?: string | undefined;
  readonly covariance?: string | undefined;
  readonly dimension?: string | undefined;
  /** A file of counts, or of probabilities. */
  readonly unigramFile?: string | undefined;
  /** Exponent α of q ∝ rank^{−α}. */
  readonly zipf?: string | undefined;
}

export type JsonNumber = number | 'inf' | '-inf';

export interface RatioRow {
  readonly classes: JsonNumber;
  readonly ratio: number;
  /** Standard error of the ratio; 0 where it is exact. */
  readonly ratioError: number;
  /** C^exponent · r. */
  readonly scaled: JsonNumber;
  readonly limit: JsonNumber;
  /** Of given features: C²·r without the terms of a sample with itself. */
  readonly population?: number;
}

/** The JSON object of `limitlaw ratio`. */
export interface RatioReport {
  readonly kind: 'ratio';
  readonly aspectRatio: number;
  /** r falls like C^{−exponent}. */
  readonly exponent: 1 | 2;
  readonly rows: readonly RatioRow[];
  /** Why a ratio is exactly zero or a limit infinite. */
  readonly note?: string;
}

interface Found {
  readonly classes: number;
  readonly ratio: number;
  readonly ratioError: number;
  readonly scaled: number;
  readonly limit: number;
}

export function rowOf({ classes, ratio, ratioError, scaled, limit }: Found): RatioRow {
  return {
    classes: jsonNumber(classes),
    ratio,
    ratioError,
    scaled: jsonNumber(scaled),
    limit: jsonNumber(limit),
  };
}
