/** Checks that every reader of a given array makes. */
import { UsageError } from '../../../../theory/errors.js';
import type { NumericArray } from '../../../store/formats/index.js';

/** For a sentence: an array of shape (3, 4). */
export function shapeOf({ shape }: NumericArray): string {
  return `an array of shape (${shape.join(', ')})`;
}

/** A vector, or a matrix of one column, as one row; a matrix by its rows; undefined for more axes. */
export function rowsOf({ shape, data }: NumericArray): Float64Array[] | undefined {
  const long = shape.filter((length) => length !== 1);
  if (long.length < 2) return [data];
  if (shape.length !== 2) return undefined;
  const [count, length] = shape as [number, number];
  return Array.from({ length: count }, (_, k) => data.subarray(k * length, (k + 1) * length));
}

/** @throws UsageError when there is no such row */
export function rowAt(rows: readonly Float64Array[], row: number, what: string): Float64Array {
  const found = rows[row];
  if (found === undefined)
    throw new UsageError(
      `--row must be below the number of rows, counting from 0, got ${row} where ${what} has ${rows.length}. Choose one from 0 to ${rows.length - 1}.`,
    );
  return found;
}

/** @throws UsageError for an entry that is not finite, with its index */
export function requireFinite({ data, shape }: NumericArray, what: string): void {
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const place = shape.length === 2 ? `entry (${Math.floor(bad / shape[1]!)}, ${bad % shape[1]!})` : `entry ${bad}`;
  throw new UsageError(
    `${what}: every number must be finite, but ${place} is ${data[bad]} (counting from 0). Find out where it comes from.`,
  );
}

export function transposed(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = matrix[i * columns + j]!;
  return out;
}
