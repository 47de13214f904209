import { basename } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import { unigramRatios, zipfExponent, zipfRatios, type UnigramRatios } from '../../../theory/head/index.js';
import { readArrayFile } from '../../store/formats/index.js';
import { classCount, finiteNumber, jsonNumber, listOf } from '../options/textOptions.js';
import type { JsonNumber, RatioCommandOptions } from './ratioReport.js';

export interface UnigramRow {
  readonly classes: JsonNumber;
  /** Sum of squared norms off the diagonal over that on it. */
  readonly t: number;
  readonly ratio: number;
  /** C²·r. */
  readonly scaled: JsonNumber;
  /** 1/Σq². */
  readonly effectiveClasses: JsonNumber;
  /** Under Zipf's law: d ln t/d ln C. */
  readonly exponent?: number;
}

/** The JSON object of `limitlaw ratio --zipf` and `--unigram-file`. */
export interface UnigramReport {
  readonly kind: 'unigram';
  /** Where q comes from: the exponent of Zipf's law, or the file's name. */
  readonly zipf?: number;
  readonly file?: string;
  readonly rows: readonly UnigramRow[];
}

const ofModels = [
  'model',
  'loss',
  'layer',
  'width',
  'depth',
  'activation',
  'initialisation',
  'logitVariance',
  'aspectRatio',
  'features',
  'covariance',
  'dimension',
] as const satisfies readonly (keyof RatioCommandOptions)[];

/**
 * Ratios of a head whose predictions do not depend on its input, whatever its features.
 * @throws UsageError for options that say something of a model, and for a file that holds no counts
 */
export function unigramReport(options: RatioCommandOptions): UnigramReport {
  const { zipf, unigramFile, classes } = options;
  const stray = ofModels.find((name) => options[name] !== undefined);
  if (stray !== undefined)
    throw new UsageError(
      `--${stray.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} says nothing of ${zipf === undefined ? '--unigram-file' : '--zipf'}, where the ratio follows from the predictions alone: leave it out`,
    );
  if (zipf === undefined) return ofFile(unigramFile!, classes);
  if (unigramFile !== undefined)
    throw new UsageError('--zipf and --unigram-file both state the predictions: give one of them');
  const exponent = finiteNumber('--zipf', zipf);
  if (!(exponent >= 0 && exponent <= 100))
    throw new UsageError(`--zipf must be an exponent from 0 to 100, got '${zipf}'`);
  if (classes === undefined) throw new UsageError('--classes must be given, e.g. --classes 100,50257,inf');
  const rows = listOf('--classes', classes, classCount).map((count) => ({
    ...rowOf(count, zipfRatios(exponent, count)),
    exponent: zipfExponent(exponent, count),
  }));
  return { kind: 'unigram', zipf: exponent, rows };
}

function ofFile(path: string, classes: string | undefined): UnigramReport {
  if (classes !== undefined) throw new UsageError('--classes is the length of --unigram-file: leave it out');
  const { shape, data } = readArrayFile(path);
  const source = basename(path);
  const bad = data.findIndex((value) => !(value >= 0 && value < Infinity));
  const total = data.reduce((sum, value) => sum + value, 0);
  if (
    shape.filter((length) => length !== 1).length > 1 ||
    data.length < 2 ||
    bad >= 0 ||
    !(total > 0 && total < Infinity)
  )
    throw new UsageError(
      `--unigram-file ${source}: a count for each of C classes is needed, finite and at least 0, ${bad >= 0 ? `number ${bad} (from 0) is ${data[bad]}` : `the file holds an array of shape (${shape.join(', ')}) with sum ${total}`}. Give numpy.bincount(y, minlength=C).`,
    );
  const found = unigramRatios(data.map((count) => count / total));
  return { kind: 'unigram', file: source, rows: [rowOf(data.length, found)] };
}

function rowOf(classes: number, { t, ratio, scaled, effectiveClasses }: UnigramRatios): UnigramRow {
  return {
    classes: jsonNumber(classes),
    t,
    ratio,
    scaled: jsonNumber(scaled),
    effectiveClasses: jsonNumber(effectiveClasses),
  };
}
