import { UsageError } from '../../../theory/errors.js';
import { requireModelOptions } from '../options/modelOptions.js';
import { aspectRatioOf, choice, classCount, jsonNumber, listOf, positiveNumber } from '../options/textOptions.js';
import { wholeNumber } from '../options/wholeNumber.js';

/** The options of `limitlaw ratio`, as text. */
export interface RatioCommandOptions {
  readonly model?: string;
  readonly loss?: string;
  readonly layer?: string;
  /** Comma-separated; inf for the limit. */
  readonly classes?: string;
  readonly aspectRatio: string;
  readonly width?: string;
  readonly logitVariance?: string;
  readonly activation?: string;
  readonly initialisation?: string;
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
  const model = choice('--model', options.model, ['linear', 'hidden'] as const);
  const loss = choice('--loss', options.loss, ['ce', 'mse'] as const);
  const layer = choice('--layer', options.layer ?? (model === 'linear' ? 'output' : 'hidden'), [
    'hidden',
    'output',
  ] as const);
  const aspectRatio = aspectRatioOf(options.aspectRatio);
  if (options.classes === undefined) throw new UsageError('--classes must be given, e.g. --classes 2,10,100,inf');
  const counts = listOf('--classes', options.classes, classCount);
  requireModelOptions(options);
  const common = {
    model,
    loss,
    layer,
    aspectRatio,
    ...(options.width === undefined ? {} : { width: wholeNumber('--width', options.width, 1, 1e6) }),
    ...(options.logitVariance === undefined
      ? {}
      : { logitVariance: positiveNumber('--logit-variance', options.logitVariance) }),
    ...(options.activation === undefined
      ? {}
      : { activation: choice('--activation', options.activation, ['relu', 'tanh', 'gelu'] as const) }),
    ...(options.initialisation === undefined
      ? {}
      : {
          initialisation: choice('--initialisation', options.initialisation, [
            'lecun',
            'he',
            'xavier',
            'pytorch',
          ] as const),
        }),
  };
  const { frobeniusRatio } = await import('../../../theory/models/frobeniusRatio.js');
  const results = counts.map((classes) => ({ classes, ...frobeniusRatio({ ...common, classes }) }));
  const { exponent, reason } = results[0];
  return {
    kind: 'ratio',
    aspectRatio,
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
