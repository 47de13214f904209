/** The weights a_n as drawn, from a file. */
import { basename } from 'node:path';
import { UsageError } from '../../../../theory/errors.js';
import { readArrayFile } from '../../../store/formats/index.js';
import { requireFinite, rowAt, rowsOf, shapeOf } from './arrays.js';

/**
 * Drawn weights: N numbers, the same for all of `draws`, or one row of N for each of them; `row` takes one row.
 * @throws UsageError for another shape, no such row, or an entry that is not finite (with its index).
 */
export function readWeights(path: string, draws: number, row?: number): readonly Float64Array[] {
  const array = readArrayFile(path);
  const source = `--weights-file ${basename(path)}`;
  const rows = rowsOf(array);
  if (array.data.length === 0 || rows === undefined) {
    throw new UsageError(
      `${source}: a list of weights is needed, one a sample, the file holds ${shapeOf(array)}. Save the vector a of length N.`,
    );
  }
  requireFinite(array, source);
  if (rows.length === 1) return rows;
  if (row !== undefined) return [rowAt(rows, row, source)];
  if (rows.length !== draws) {
    throw new UsageError(
      `${source}: it holds the weights of ${rows.length} draws, one a row, and the spectrum is of ${draws === 1 ? 'one draw' : `${draws} draws`}. ${draws === 1 ? `Say which with --row, from 0 to ${rows.length - 1}.` : 'Give the two files of the same draws.'}`,
    );
  }
  return rows;
}
