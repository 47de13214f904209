import { UsageError } from '../../theory/errors.js';

/** A matrix with very many rows, which is read by tiles and never held whole. */
export interface RowSource {
  /** Told of rows that a pass had no need to read. */
  readonly passed?: ((count: number) => void) | undefined;
  /** C. */
  readonly rows: number;
  /** D, numbers in a row. */
  readonly dimension: number;
  /** Fills `out` with whole rows, from row `first` on. */
  read(first: number, out: Float64Array): void;
}

/** @throws UsageError when the array is not C×D */
export function rowsInMemory(matrix: Float64Array, rows: number, dimension: number): RowSource {
  if (matrix.length !== rows * dimension)
    throw new UsageError(
      `rowsInMemory: matrix must hold ${rows} rows of ${dimension} numbers, ${rows * dimension}, got ${matrix.length}`,
    );
  return {
    rows,
    dimension,
    read: (first, out) => out.set(matrix.subarray(first * dimension, first * dimension + out.length)),
  };
}
