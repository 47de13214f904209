/**
 * The binary versions of CIFAR-10 and CIFAR-100 (cs.toronto.edu/~kriz/cifar.html): label bytes, then 3072 bytes of
 * image a record.
 */
import { UsageError } from '../../../theory/errors.js';
import { gunzipIfNeeded } from './gunzip.js';
import { formatError, type NumericArray } from './numericArray.js';

const pixels = 3 * 32 * 32;

/** Label bytes of a record: one, or a coarse and a fine one. */
const labelBytes = { 10: 1, 100: 2 } as const;

/** As a specification names them. */
export const cifarFormats = { cifar10: 10, cifar100: 100 } as const;
export type CifarFormat = keyof typeof cifarFormats;

export const isCifarFormat = (format: string | undefined): format is CifarFormat =>
  format !== undefined && Object.hasOwn(cifarFormats, format);

/** The format whose records fill a file of this many bytes, and how many they are. */
export function cifarOfSize(bytes: number): { readonly format: CifarFormat; readonly records: number } | undefined {
  for (const format of ['cifar10', 'cifar100'] as const) {
    const records = bytes / (labelBytes[cifarFormats[format]] + pixels);
    if (records >= 1 && Number.isInteger(records)) return { format, records };
  }
  return undefined;
}

export interface LabelledImages {
  /** n×3072: the red, then green, then blue plane of each image, 0 to 255. */
  readonly images: NumericArray;
  /** Class of each image (the fine class for CIFAR-100). */
  readonly labels: Uint8Array;
}

/**
 * Reads one batch file, plain or gzipped.
 * @param classes 10 or 100: they differ in the number of label bytes (1, or a coarse and a fine one).
 * @throws UsageError when the length is not a whole number of records, or a label is out of range.
 */
export function readCifar(
  packed: Uint8Array,
  classes: 10 | 100,
  source = 'the CIFAR data',
  options: { readonly maximumRows?: number } = {},
): LabelledImages {
  if (classes !== 10 && classes !== 100)
    throw new UsageError(
      `readCifar: classes must be 10 or 100, got ${String(classes)}. Name the data set the file is from.`,
    );
  const bytes = gunzipIfNeeded(packed, source);
  const leading = labelBytes[classes];
  const record = leading + pixels;
  if (bytes.length === 0 || bytes.length % record !== 0) {
    throw formatError(
      source,
      `byte ${bytes.length - (bytes.length % record)}`,
      `a CIFAR-${classes} file is a whole number of ${record}-byte records, this one has ${bytes.length} bytes`,
      otherRemedy(bytes.length, classes),
    );
  }
  const count = Math.min(bytes.length / record, options.maximumRows ?? Infinity);
  const labels = new Uint8Array(count);
  const data = new Float64Array(count * pixels);
  for (let n = 0; n < count; n++) {
    const label = bytes[n * record + leading - 1]!;
    if (label >= classes)
      throw formatError(
        source,
        `byte ${n * record + leading - 1}`,
        `label ${label} of image ${n} is not below ${classes}`,
        `Check that the file is from CIFAR-${classes}.`,
      );
    labels[n] = label;
    data.set(bytes.subarray(n * record + leading, (n + 1) * record), n * pixels);
  }
  return { images: { shape: [count, pixels], data, dtype: '|u1' }, labels };
}

function otherRemedy(bytes: number, classes: 10 | 100): string {
  const other = cifarOfSize(bytes);
  return other === undefined || cifarFormats[other.format] === classes
    ? 'Use the binary version (data_batch_1.bin, train.bin), unpacked from its archive.'
    : `It has the size of ${other.records} records of CIFAR-${cifarFormats[other.format]}: write format: ${other.format}.`;
}
