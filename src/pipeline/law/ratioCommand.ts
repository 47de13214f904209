import { UsageError } from '../../../theory/errors.js';
import { verifiedModelChoice, type ModelOptions } from '../options/modelOptions.js';
import { aspectRatioOf, classCount, jsonNumber, listOf } from '../options/textOptions.js';

/** The options of `limitlaw ratio`, as text. */
export interface RatioCommandOptions extends Omit<ModelOptions, 'block' | 'scaling' | 'classes'> {
  /** Comma-separated; inf for the limit. */
  readonly classes?: string;
  readonly aspectRatio: string;
}

type JsonNumber = number | 'inf' | '-inf';

export interface RatioRow {
  readonly classes: JsonNumber;
  readonly ratio: number;
  /** Standard error of the ratio; 0 where it is exact. */
  readonly ratioError: number;
  /** C^exponent · r. */
  readonly scaled: JsonNumber;
  readonly limit: JsonNumber;
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

/**
 * Answers `limitlaw ratio`: ratios of expected squared Frobenius norms, off-diagonal over diagonal, at each number of
 * classes.
 * @throws UsageError for options that are missing, contradict each other or do not parse.
 */
export async function ratioCommand(options: RatioCommandOptions): Promise<RatioReport> {
  const chosen = { ...verifiedModelChoice(options), aspectRatio: aspectRatioOf(options.aspectRatio) };
  if (options.classes === undefined) throw new UsageError('--classes must be given, e.g. --classes 2,10,100,inf');
  const counts = listOf('--classes', options.classes, classCount);
  const { frobeniusRatio } = await import('../../../theory/models/frobeniusRatio.js');
  const results = counts.map((classes) => ({ classes, ...frobeniusRatio({ ...chosen, classes }) }));
  const { exponent, reason } = results[0];
  return {
    kind: 'ratio',
    aspectRatio: chosen.aspectRatio,
    exponent,
    rows: results.map(({ classes, ratio, ratioError, scaled, limit }) => ({
      classes: jsonNumber(classes),
      ratio,
      ratioError,
      scaled: jsonNumber(scaled),
      limit: jsonNumber(limit),
    })),
    ...(reason === undefined ? {} : { note: reason }),
  };
}
