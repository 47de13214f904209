/** What every reader of this folder returns, and how they all complain. */
import { UsageError } from '../../../theory/errors.js';

/** Numbers from a file: row-major (last index fastest) whatever the order in the file, always as doubles. */
export interface NumericArray {
  /** Lengths of the axes; empty for a single number. */
  readonly shape: readonly number[];
  readonly data: Float64Array;
  /** How the numbers were stored, in NumPy's notation ('<f4', '<f8', '|u1'); '<f8' for text formats. */
  readonly dtype: string;
  /** Of a table, what was skipped in it, or may be meant otherwise: a sentence or more. */
  readonly remark?: string;
}

/**
 * A complaint about a file: which one, where in it, the rule it breaks, and what to do about it.
 * `place` is a byte offset, a line, or a member ("byte 10", "line 3", "member 'h'").
 */
export function formatError(source: string, place: string, problem: string, remedy: string): UsageError {
  return new UsageError(`${source}, ${place}: ${problem}. ${remedy}`);
}

/** Text from a file, cut to a length that fits in a message, with control characters made visible. */
export function excerpt(text: string, maximumLength = 40): string {
  const cut = text.length > maximumLength ? `${text.slice(0, maximumLength)}…` : text;
  return JSON.stringify(cut);
}

/** Product of the axis lengths, or Infinity once it is beyond exact integers. */
export function entryCount(shape: readonly number[]): number {
  let count = 1;
  // A zero axis makes the array empty however long the others are.
  if (shape.includes(0)) return 0;
  for (const length of shape) {
    count *= length;
    if (count > Number.MAX_SAFE_INTEGER) return Infinity;
  }
  return count;
}
