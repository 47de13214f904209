/** Which way draws lie in a table of eigenvalues. */
import type { NumericArray } from '../../../store/formats/index.js';
import { rowsOf, transposed } from './arrays.js';

export interface DrawsOfTable {
  /** Undefined for a file of more than two axes. */
  readonly spectra: readonly Float64Array[] | undefined;
  readonly inColumns: boolean;
  readonly note?: string;
}

/**
 * A draw a row; but a draw a column where the columns ascend (or descend) and the rows do not, as arrays of eigenvalues by
 * replicates are saved. Unsorted draws in rows look like that with a chance of 10^-6 or less, or are taken for rows.
 */
export function drawsOfTable(array: NumericArray): DrawsOfTable {
  const rows = rowsOf(array);
  if (rows === undefined || rows.length === 1 || rows[0]!.length === 1) return { spectra: rows, inColumns: false };
  const [count, length] = [rows.length, rows[0]!.length];
  const columns = rowsOf({ ...array, shape: [length, count], data: transposed(array.data, count, length) })!;
  if (!areSorted(columns)) return { spectra: rows, inColumns: false };
  const lie = `columns of the ${count}×${length} table are in order`;
  if (areSorted(rows))
    return {
      spectra: rows,
      inColumns: false,
      note: `Rows and ${lie}: each row is taken for a draw. If the columns are the draws, give the transpose.`,
    };
  if (length * logFactorial(count) < Math.log(2e6)) return { spectra: rows, inColumns: false };
  return {
    spectra: columns,
    inColumns: true,
    note: `The ${lie} and its rows are not: each column is taken for a draw.`,
  };
}

/** All ascend, or all descend; equal numbers do neither. */
function areSorted(lists: readonly Float64Array[]): boolean {
  return [1, -1].some((sign) =>
    lists.every((values) => values.every((value, k) => k === 0 || sign * (value - values[k - 1]!) >= 0)),
  );
}

function logFactorial(count: number): number {
  let sum = 0;
  for (let k = 2; k <= count; k++) sum += Math.log(k);
  return sum;
}
