/** The lines of a text file, without ever holding the whole text or a list of its lines. */
import { formatError } from './numericArray.js';

/** What a packed text may unpack to, in bytes: a dense 3600×3600 matrix in full precision. */
export const maximumUnpackedText = 2 ** 28;
/** Bytes of one line: a row of some 800 000 numbers in full precision. */
const maximumLine = 2 ** 24;
const block = 2 ** 20;

/**
 * Every line of UTF-8 text, without its newline, numbered from 1.
 * @throws UsageError for a line longer than 16 MB.
 */
export function* linesOf(bytes: Uint8Array, source: string): Generator<{ line: string; number: number }> {
  const decoder = new TextDecoder('utf-8');
  let number = 0;
  for (let start = 0; start < bytes.length;) {
    const end = endOfLines(bytes, start);
    if (end - start > maximumLine)
      throw formatError(
        source,
        `line ${number + 1}`,
        `it is longer than the ${maximumLine} bytes allowed`,
        'Write one row of the table a line, or save the array as .npy.',
      );
    const text = decoder.decode(bytes.subarray(start, end));
    for (let at = 0; at < text.length;) {
      const newline = text.indexOf('\n', at);
      const stop = newline < 0 ? text.length : newline;
      yield { line: text.slice(at, stop), number: ++number };
      at = stop + 1;
    }
    start = end;
  }
}

/** Where a block of whole lines ends: after the last newline within its length, or after the first beyond. */
function endOfLines(bytes: Uint8Array, start: number): number {
  if (start + block >= bytes.length) return bytes.length;
  const last = bytes.subarray(start, start + block).lastIndexOf(10);
  if (last >= 0) return start + last + 1;
  const next = bytes.indexOf(10, start + block);
  return next < 0 ? bytes.length : next + 1;
}
