import { UsageError } from '../../../theory/errors.js';
import { largestDepth } from '../../../theory/names.js';
import { listOf } from './textOptions.js';
import { wholeNumber } from './wholeNumber.js';

/** As text. */
interface WidthOptions {
  readonly depth?: string | undefined;
  readonly width?: string | undefined;
}

/**
 * Widths of the hidden layers of a deep network: one for all of --depth layers, or one each.
 * @param read one width
 * @throws UsageError for options that are missing, contradict each other or do not parse
 */
export function hiddenWidths(
  { depth, width }: WidthOptions,
  read: (name: string, entry: string) => number,
): readonly number[] {
  if (width === undefined) throw new UsageError('--width must be given with --model deep, e.g. --width 128 or 128,64');
  const widths = listOf('--width', width, read);
  if (depth === undefined) {
    if (widths.length === 1)
      throw new UsageError('--depth must be given with one --width: the number of hidden layers, e.g. --depth 3');
    if (widths.length > largestDepth)
      throw new UsageError(`--width must name at most ${largestDepth} hidden layers, got ${widths.length}`);
    return widths;
  }
  const layers = wholeNumber('--depth', depth, 1, largestDepth);
  if (widths.length === 1) return Array.from({ length: layers }, () => widths[0]!);
  if (widths.length !== layers)
    throw new UsageError(
      `--width must name one width, or one for each of the --depth ${layers} layers, got ${widths.length}: leave --depth out`,
    );
  return widths;
}
