/** Lines of a stream of bytes, however it is cut into pieces. */
import { UsageError } from '../../../theory/errors.js';

/** V8 has no longer strings than 2^29 − 24; 256 MiB are a matrix of order 5000 in base64. */
export const longestLine = 2 ** 28;

/**
 * Each line without its end, the last also without one; in place of a line that is too long the error that says so.
 */
export async function* readLines(
  input: AsyncIterable<Buffer>,
  limit = longestLine,
): AsyncGenerator<string | UsageError> {
  let parts: Buffer[] = [];
  let length = 0;
  const line = (): string | UsageError => {
    const whole = length > limit ? tooLong(length, limit) : Buffer.concat(parts).toString('utf8').replace(/\r$/, '');
    parts = [];
    length = 0;
    return whole;
  };
  const keep = (part: Buffer): void => {
    length += part.length;
    if (length <= limit) parts.push(part);
    else parts = [];
  };
  for await (const piece of input) {
    let start = 0;
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, start)) {
      keep(piece.subarray(start, end));
      yield line();
      start = end + 1;
    }
    if (start < piece.length) keep(piece.subarray(start));
  }
  if (length > 0) yield line();
}

const tooLong = (length: number, limit: number): UsageError =>
  new UsageError(
    `a request must be a line of at most ${limit} bytes, got ${length}: write large arrays to files, and send their paths`,
  );
