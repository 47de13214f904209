/** The largest eigenvalues of a matrix, as Lanczos or a power iteration finds them, from a file. */
import { basename } from 'node:path';
import { UsageError } from '../../../../theory/errors.js';
import { readArrayFile } from '../../../store/formats/index.js';
import { requireFinite, shapeOf } from './arrays.js';

export interface LargestEigenvalues {
  /** Ascending. */
  readonly values: Float64Array;
  /** d of the matrix. */
  readonly dimension: number;
  readonly description: string;
  readonly notes: readonly string[];
}

/** @throws UsageError for another shape than a list, an entry that is not finite, and for no dimension or one too small */
export function readLargest(path: string, dimension: number | undefined): LargestEigenvalues {
  const array = readArrayFile(path);
  const source = basename(path);
  const what = `--eigenvalues ${source}`;
  if (array.data.length === 0 || array.shape.filter((length) => length !== 1).length > 1)
    throw new UsageError(
      `${what} --top: a list of the largest eigenvalues of one matrix is needed, the file holds ${shapeOf(array)}.`,
    );
  requireFinite(array, what);
  const values = array.data.slice().sort();
  if (dimension === undefined)
    throw new UsageError(
      `--top: ${what} holds ${values.length} eigenvalues of a larger matrix; of how many, say with --dimension d.`,
    );
  if (values.length >= dimension)
    throw new UsageError(
      `--top: ${what} holds ${values.length} eigenvalues, not fewer than --dimension ${dimension}. Leave --top out for a whole spectrum.`,
    );
  return {
    values,
    dimension,
    description: `the ${values.length} largest of ${dimension} eigenvalues, from ${source}`,
    notes: array.remark === undefined ? [] : [`${source}: ${array.remark}`],
  };
}
