/** Eigenvalues from a file. */
import { basename } from 'node:path';
import { UsageError } from '../../../../theory/errors.js';
import { readArrayFile } from '../../../store/formats/index.js';
import { pooledSpectrum, type GivenSpectrum } from '../givenSpectrum.js';
import { requireFinite, rowAt, shapeOf } from './arrays.js';
import { correlationNote } from './correlation.js';
import { drawsOfTable } from './drawsOfTable.js';
import { precisionOf, roundoffs } from './precision.js';

export interface EigenvaluesOptions {
  readonly row?: number | undefined;
  readonly correlation?: boolean | undefined;
  readonly dimension?: number | undefined;
}

/**
 * Eigenvalues in any order: a vector (or a matrix of one row or column) of one draw, or a matrix with the spectrum of
 * an independent draw in each row, as `limitlaw sample` writes, or in each column where the order of the numbers shows it;
 * `row` takes one of these.
 * @throws UsageError for another shape, a symmetric matrix, no entries, no such row, an entry that is not finite (with
 * its index), another number of them than the dimension, and for a correlation matrix whose eigenvalues do not sum to d.
 */
export function readEigenvalues(path: string, options: EigenvaluesOptions = {}): GivenSpectrum {
  const { row, correlation = false, dimension } = options;
  const array = readArrayFile(path);
  const source = basename(path);
  const what = `--eigenvalues ${source}`;
  if (array.data.length === 0) throw new UsageError(`${what}: it holds no numbers. Give at least one eigenvalue.`);
  requireFinite(array, what);
  const { spectra: draws, inColumns, note } = drawsOfTable(array);
  if (draws === undefined) {
    throw new UsageError(
      `${what}: a list of eigenvalues is needed, or one draw a row, the file holds ${shapeOf(array)}. Save one row of eigenvalues a draw.`,
    );
  }
  if (isSymmetric(draws))
    throw new UsageError(
      `${what}: it holds a symmetric matrix of shape (${array.shape.join(', ')}), not eigenvalues. Use --matrix for it.`,
    );
  const chosen = row === undefined ? draws : [rowAt(draws, row, what)];
  const spectra = chosen.map((values) => values.slice().sort());
  const count = spectra[0]!.length;
  if (dimension !== undefined && dimension !== count)
    throw new UsageError(
      `--dimension ${dimension}: ${what} has ${count} eigenvalues. Where these are the largest of ${dimension}, say --top.`,
    );
  if (correlation) requireCorrelation(spectra, what);
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
        ? `${spectra.length} draws of ${one} from ${source}${inColumns ? ', one a column' : ''}`
        : `${one} from ${source}${draws.length > 1 ? `, ${inColumns ? 'column' : 'row'} ${row}` : ''}`,
    correlation,
    notes: [
      ...(array.remark === undefined ? [] : [`${source}: ${array.remark}`]),
      ...(note === undefined ? [] : [note]),
      ...(correlation ? [correlationNote(count)] : sumNotes(spectra)),
    ],
  };
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/** Eigenvalues of a correlation matrix of order d sum to d, but for the rounding of the file. */
function requireCorrelation(spectra: readonly Float64Array[], what: string): void {
  if (spectra.length > 1)
    throw new UsageError('--correlation is for one spectrum: take one draw with --row. Each has a sum of its own.');
  const [values] = spectra as [Float64Array];
  const sum = sumOf(values);
  if (Math.abs(sum / values.length - 1) > 1e-3)
    throw new UsageError(
      `${what}: the eigenvalues of a correlation matrix sum to their number, ${values.length}, these to ${sum.toPrecision(6)}. Leave --correlation out, or give all of them.`,
    );
}

/** A sum that is d by no chance. */
function sumNotes(spectra: readonly Float64Array[]): string[] {
  const [values] = spectra as [Float64Array];
  if (spectra.length > 1 || values.length < 4 || Math.abs(sumOf(values) / values.length - 1) > 1e-6) return [];
  return [
    `The eigenvalues sum to their number, ${values.length}: if they are of a correlation matrix, say --correlation, whose noise is another. Only divided by their mean, they are compared as they should be.`,
  ];
}

/** Spectra of draws never make a symmetric matrix, but who takes a matrix for its eigenvalues does. */
function isSymmetric(rows: readonly Float64Array[]): boolean {
  return (
    rows.length > 1 &&
    rows.length === rows[0]!.length &&
    rows.every((row, i) => row.every((value, j) => value === rows[j]![i]))
  );
}
