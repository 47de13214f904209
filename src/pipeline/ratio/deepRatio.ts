import { deepRatios, type DeepRatio } from '../../../theory/deep/index.js';
import { UsageError } from '../../../theory/errors.js';
import { losses } from '../../../theory/names.js';
import { largestLogitVariance } from '../../../theory/requirements.js';
import { hiddenWidths } from '../options/hiddenWidths.js';
import { aspectRatioOf, choice, classCount, jsonNumber, listOf, positiveNumber } from '../options/textOptions.js';
import { wholeNumber } from '../options/wholeNumber.js';
import type { JsonNumber, RatioCommandOptions, RatioReport, RatioRow } from './ratioReport.js';

export interface DeepRow extends RatioRow {
  /** From 1. */
  readonly layer: number;
  /** lim r as C → ∞ at these widths. */
  readonly floor: number;
  /** C_eff, outputs that the layer can tell apart. */
  readonly effectiveOutputs: JsonNumber;
}

/** The JSON object of `limitlaw ratio --model deep`. */
export interface DeepReport extends RatioReport {
  readonly widths: readonly JsonNumber[];
  readonly rows: readonly DeepRow[];
  /** Which layers more classes no longer change, and what the errors are. */
  readonly note: string;
}

const largestWidth = 1e9;

/**
 * Ratios of the hidden layers of a deep ReLU network at initialisation.
 * @throws UsageError for options that are missing, contradict each other or would be ignored
 */
export function deepRatio(options: RatioCommandOptions): DeepReport {
  for (const name of ['features', 'covariance', 'activation', 'initialisation'] as const)
    if (options[name] !== undefined)
      throw new UsageError(
        `--${name} says nothing of --model deep, which is ReLU, N(0, 2/fan-in) and x ~ N(0, I): leave it out`,
      );
  const loss = choice('--loss', options.loss, losses);
  if (loss === 'mse' && options.logitVariance !== undefined)
    throw new UsageError('--logit-variance says nothing under --loss mse, where r does not depend on it: leave it out');
  const logitVariance = positiveNumber('--logit-variance', options.logitVariance ?? '1');
  if (logitVariance > largestLogitVariance)
    throw new UsageError(
      `--logit-variance must be at most ${largestLogitVariance}, where the accuracy is verified, got '${options.logitVariance}'`,
    );
  const widths = hiddenWidths(options, (name, entry) => sizeOf(name, entry, 2, largestWidth));
  const layer = options.layer === undefined ? undefined : wholeNumber('--layer', options.layer, 1, widths.length);
  if (options.classes === undefined) throw new UsageError('--classes must be given, e.g. --classes 10,1000,inf');
  const counts = listOf('--classes', options.classes, classCount);
  const tooMany = counts.find((classes) => classes > 1e7 && classes !== Infinity);
  if (tooMany !== undefined)
    throw new UsageError(`--classes must be at most 10000000, or inf, with --model deep, got ${tooMany}`);
  const aspectRatio = aspectRatioOf(options.aspectRatio);
  const dimension = sizeOf('--dimension', options.dimension ?? 'inf', 1, 1e9);
  const found = counts.map((classes) => ({
    classes,
    layers: deepRatios({ loss, dimension, aspectRatio, widths, classes, logitVariance }).filter(
      (each) => layer === undefined || each.layer === layer,
    ),
  }));
  const rows = found[0]!.layers.flatMap((_, k) => found.map(({ classes, layers }) => rowOf(classes, layers[k]!)));
  return { kind: 'ratio', aspectRatio, exponent: 1, widths: widths.map(jsonNumber), rows, note: noteOf(found) };
}

function sizeOf(name: string, text: string, smallest: number, largest: number): number {
  return /^(inf|infinity|∞)$/i.test(text.trim()) ? Infinity : wholeNumber(name, text, smallest, largest);
}

function rowOf(classes: number, { layer, ratio, error, scaled, limit, floor, effectiveOutputs }: DeepRatio): DeepRow {
  return {
    layer,
    classes: jsonNumber(classes),
    ratio,
    ratioError: error,
    scaled: jsonNumber(scaled),
    limit: jsonNumber(limit),
    floor,
    effectiveOutputs: jsonNumber(effectiveOutputs),
  };
}

/** Share of r that the widths make, from which a layer counts as saturated. */
const saturatedFrom = 0.5;

function noteOf(found: readonly { readonly classes: number; readonly layers: readonly DeepRatio[] }[]): string {
  const finite = found.filter(({ classes }) => classes !== Infinity);
  const most = finite.reduce<(typeof finite)[number] | undefined>(
    (best, each) => (best === undefined || each.classes > best.classes ? each : best),
    undefined,
  );
  const saturated = (most?.layers ?? []).filter(({ floor, ratio }) => floor > saturatedFrom * ratio);
  const shares = saturated.map(({ layer, floor, ratio }) => `layer ${layer} (${Math.round((100 * floor) / ratio)} %)`);
  return [
    ...(most === undefined || shares.length === 0
      ? []
      : [
          `Saturated at C = ${most.classes}: of ${shares.join(', ')} the widths above make that part of r, which more classes do not lower.`,
        ]),
    'error: size of what is left out, of order 1/width², no bound.',
  ].join(' ');
}
