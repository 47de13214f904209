import { UsageError } from '../../../theory/errors.js';
import type { RowSource } from '../../../simulations/head/index.js';
import type { MatrixFile } from '../../store/formats/index.js';

/** Rows of a file by number, ascending, neighbours together. Throws UsageError for a row that is not finite. */
export function rowsNumbered(option: string, file: MatrixFile, numbers: Int32Array): Float64Array {
  const { columns } = file;
  const out = new Float64Array(numbers.length * columns);
  for (let start = 0; start < numbers.length;) {
    let end = start + 1;
    while (end < numbers.length && numbers[end] === numbers[end - 1]! + 1) end += 1;
    const part = out.subarray(start * columns, end * columns);
    file.read(numbers[start]!, part);
    requireFiniteRows(option, file, numbers[start]!, part);
    start = end;
  }
  return out;
}

/** A matrix of a file as a source of rows, each looked at once: a number that is none is told with its place. */
export function finiteRows(option: string, file: MatrixFile): RowSource {
  let seen = 0;
  return {
    rows: file.rows,
    dimension: file.columns,
    read(first, out) {
      file.read(first, out);
      const end = first + out.length / file.columns;
      if (end <= seen) return;
      requireFiniteRows(option, file, first, out);
      seen = end;
    },
  };
}

function requireFiniteRows(option: string, { source, columns }: MatrixFile, first: number, rows: Float64Array): void {
  // Zero times a number is 0, or NaN where it is none: one test for the whole tile.
  let sum = 0;
  for (let k = 0; k < rows.length; k++) sum += rows[k]! * 0;
  if (sum === 0) return;
  const bad = rows.findIndex((value) => !Number.isFinite(value));
  throw new UsageError(
    `${option} ${source}: row ${first + Math.floor(bad / columns)} has ${rows[bad]} in column ${bad % columns} (both counted from 0). Every number must be finite: find out where it comes from, or leave the row out.`,
  );
}
