/** Eigenvalues from a file. */
import { basename } from 'node:path';
import { UsageError } from '../../../../theory/errors.js';
import { readArrayFile } from '../../../store/formats/index.js';
import { pooledSpectrum, type GivenSpectrum } from '../givenSpectrum.js';
import { requireFinite, rowAt, rowsOf, shapeOf } from './arrays.js';
import { precisionOf, roundoffs } from './precision.js';

/**
 * Eigenvalues in any order: a vector (or a matrix of one row or column) of one draw, or a matrix with the spectrum of
 * an independent draw in each row, as `limitlaw sample` writes; `row` takes one of these.
 * @throws UsageError for another shape, a symmetric matrix, no entries, no such row, or an entry that is not finite
 * (with its index).
 */
export function readEigenvalues(path: string, row?: number): GivenSpectrum {
  const array = readArrayFile(path);
  const source = basename(path);
  const what = `--eigenvalues ${source}`;
  if (array.data.length === 0) throw new UsageError(`${what}: it holds no numbers. Give at least one eigenvalue.`);
  requireFinite(array, what);
  const rows = rowsOf(array);
  if (rows === undefined) {
    throw new UsageError(
      `${what}: a list of eigenvalues is needed, or one draw a row, the file holds ${shapeOf(array)}. Save one row of eigenvalues a draw.`,
    );
  }
  if (isSymmetric(rows))
    throw new UsageError(
      `${what}: it holds a symmetric matrix of shape (${array.shape.join(', ')}), not eigenvalues. Use --matrix for it.`,
    );
  const chosen = row === undefined ? rows : [rowAt(rows, row, what)];
  const spectra = chosen.map((values) => values.slice().sort());
  const count = spectra[0]!.length;
  const one = `${count} ${count === 1 ? 'eigenvalue' : 'eigenvalues'}`;
  const precision = precisionOf(array);
  return {
    eigenvalues: pooledSpectrum(spectra),
    spectra,
    // Half precision keeps 0 and the sizes of small numbers: what blurs zeros is the computation, in single precision.
    roundoff: precision === 'float64' ? roundoffs.float64 : roundoffs.float32,
    precision,
    rank: 0,
    description:
      spectra.length > 1
        ? `${spectra.length} draws of ${one} from ${source}`
        : `${one} from ${source}${rows.length > 1 ? `, row ${row}` : ''}`,
  };
}

/** Spectra of draws never make a symmetric matrix, but who takes a matrix for its eigenvalues does. */
function isSymmetric(rows: readonly Float64Array[]): boolean {
  return (
    rows.length > 1 &&
    rows.length === rows[0]!.length &&
    rows.every((row, i) => row.every((value, j) => value === rows[j]![i]))
  );
}
