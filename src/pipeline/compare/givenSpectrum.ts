/** A spectrum from a file, or several of independent draws: read, checked, and made exactly symmetric. */
import { basename } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import { complementInputs } from '../../../simulations/comparisons/index.js';
import { orthonormalise } from '../../../simulations/blocks/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import { readArrayFile, type NumericArray } from '../../store/formats/index.js';

export interface GivenSpectrum {
  /** Ascending, those of all draws together. */
  readonly eigenvalues: Float64Array;
  /** Ascending, those of each draw; one spectrum is one draw. */
  readonly spectra: readonly Float64Array[];
  /** Unit roundoff of the numbers as they came: 2^-52, or 2^-23 when every one of them is a float32. */
  readonly roundoff: number;
  /** Directions taken out of the matrix, 0 for none. */
  readonly rank: number;
  readonly description: string;
}

const doubleRoundoff = 2 ** -52;
const singleRoundoff = 2 ** -23;
/** Two halves of a symmetric matrix computed in different orders differ by some roundings. */
const asymmetryRoundings = 2 ** 10;

/** All numbers in one list, in order. */
export function concatenated(parts: readonly Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let start = 0;
  for (const part of parts) {
    all.set(part, start);
    start += part.length;
  }
  return all;
}

/** The eigenvalues of several draws as one ascending list: its distribution is the mean of theirs. */
export function pooledSpectrum(spectra: readonly Float64Array[]): Float64Array {
  return spectra.length === 1 ? spectra[0]! : concatenated(spectra).sort();
}

/** Eigenvalues of one draw. */
export function dimensionOf({ spectra }: Pick<GivenSpectrum, 'spectra'>): number {
  return spectra[0]!.length;
}

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
      `${what}: a list of eigenvalues is needed, or one draw a row, the file holds an array of shape (${array.shape.join(', ')}). Save one row of eigenvalues a draw.`,
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
  return {
    eigenvalues: pooledSpectrum(spectra),
    spectra,
    roundoff: roundoffOf(array.data),
    rank: 0,
    description:
      spectra.length > 1
        ? `${spectra.length} draws of ${one} from ${source}`
        : `${one} from ${source}${rows.length > 1 ? `, row ${row}` : ''}`,
  };
}

/** A vector, or a matrix of one column, as one row; a matrix by its rows; undefined for more axes. */
function rowsOf({ shape, data }: NumericArray): Float64Array[] | undefined {
  const long = shape.filter((length) => length !== 1);
  if (long.length < 2) return [data];
  if (shape.length !== 2) return undefined;
  const [count, length] = shape as [number, number];
  return Array.from({ length: count }, (_, k) => data.subarray(k * length, (k + 1) * length));
}

/** Spectra of draws never make a symmetric matrix, but who takes a matrix for its eigenvalues does. */
function isSymmetric(rows: readonly Float64Array[]): boolean {
  return (
    rows.length > 1 &&
    rows.length === rows[0]!.length &&
    rows.every((row, i) => row.every((value, j) => value === rows[j]![i]))
  );
}

function rowAt(rows: readonly Float64Array[], row: number, what: string): Float64Array {
  const found = rows[row];
  if (found === undefined)
    throw new UsageError(
      `--row must be below the number of rows, counting from 0, got ${row} where ${what} has ${rows.length}. Choose one from 0 to ${rows.length - 1}.`,
    );
  return found;
}

/**
 * Eigenvalues of a symmetric matrix; with `directions` (rows that span what the weights depend on), of its restriction
 * to their orthogonal complement, which is an exact draw of the law given the weights.
 * @throws UsageError when it is not square, not finite (with the index), or not symmetric (with the largest asymmetry
 * and its index).
 */
export function readMatrix(path: string, backend: Backend, directionsPath?: string): GivenSpectrum {
  const array = readArrayFile(path);
  const source = basename(path);
  const [rows, columns] = array.shape;
  if (array.shape.length !== 2 || rows !== columns || rows === 0) {
    throw new UsageError(
      `--matrix ${source}: a square matrix is needed, the file holds an array of shape (${array.shape.join(', ')}). Use --eigenvalues for a list of eigenvalues.`,
    );
  }
  requireFinite(array, `--matrix ${source}`);
  const order = rows!;
  const roundoff = roundoffOf(array.data);
  const matrix = symmetrised(array.data, order, roundoff, source);
  if (directionsPath === undefined) {
    return {
      ...oneDraw(backend.symmetricEigenvalues(matrix, order)),
      roundoff,
      rank: 0,
      description: `${order}×${order} matrix from ${source}`,
    };
  }
  const directions = readArrayFile(directionsPath);
  requireFinite(directions, `--directions ${basename(directionsPath)}`);
  if (directions.shape.length !== 2 || directions.shape[1] !== order) {
    throw new UsageError(
      `--directions ${basename(directionsPath)}: rows of length ${order} are needed, one a direction, the file holds an array of shape (${directions.shape.join(', ')}). Give W for a hidden layer, V for a linear model.`,
    );
  }
  const basis = orthonormalise(directions.data, order);
  if (basis.rank >= order)
    throw new UsageError(
      `--directions ${basename(directionsPath)}: they span all ${order} dimensions and leave nothing to test. Leave --directions out.`,
    );
  const kept = order - basis.rank;
  const half = new Float64Array(order * kept);
  complementInputs({ inputs: matrix, samples: order, dimension: order, basis, out: half });
  const restricted = new Float64Array(kept * kept);
  complementInputs({ inputs: transposed(half, order, kept), samples: kept, dimension: order, basis, out: restricted });
  return {
    ...oneDraw(backend.symmetricEigenvalues(symmetricPart(restricted, kept), kept)),
    roundoff,
    rank: basis.rank,
    description: `${order}×${order} matrix from ${source}, restricted to the ${kept} dimensions orthogonal to the ${basis.rank} directions of ${basename(directionsPath)}`,
  };
}

function oneDraw(eigenvalues: Float64Array): Pick<GivenSpectrum, 'eigenvalues' | 'spectra'> {
  return { eigenvalues, spectra: [eigenvalues] };
}

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
      `${source}: a list of weights is needed, one a sample, the file holds an array of shape (${array.shape.join(', ')}). Save the vector a of length N.`,
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

function requireFinite({ data, shape }: NumericArray, what: string): void {
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const place = shape.length === 2 ? `entry (${Math.floor(bad / shape[1]!)}, ${bad % shape[1]!})` : `entry ${bad}`;
  throw new UsageError(
    `${what}: every number must be finite, but ${place} is ${data[bad]} (counting from 0). Find out where it comes from.`,
  );
}

/** Numbers computed in single precision stay recognisable after a conversion to double. */
function roundoffOf(data: Float64Array): number {
  return data.every((value) => Math.fround(value) === value) && data.some((value) => !Number.isInteger(value))
    ? singleRoundoff
    : doubleRoundoff;
}

function symmetrised(matrix: Float64Array, order: number, roundoff: number, source: string): Float64Array {
  let largest = 0;
  let worst = 0;
  let at = [0, 0];
  for (let i = 0; i < order; i++) {
    for (let j = 0; j <= i; j++) {
      const gap = Math.abs(matrix[i * order + j]! - matrix[j * order + i]!);
      largest = Math.max(largest, Math.abs(matrix[i * order + j]!), Math.abs(matrix[j * order + i]!));
      if (gap > worst) {
        worst = gap;
        at = [i, j];
      }
    }
  }
  const allowed = asymmetryRoundings * roundoff * largest;
  if (worst > allowed) {
    const [i, j] = at as [number, number];
    throw new UsageError(
      `--matrix ${source}: it must be symmetric, but entries (${i}, ${j}) and (${j}, ${i}) are ${matrix[i * order + j]} and ${matrix[j * order + i]}: they differ by ${worst.toPrecision(3)}, and rounding explains ${allowed.toPrecision(3)}. Give a block on the diagonal or a scalar-weight block, or (H + H.T) / 2 if that is what you mean.`,
    );
  }
  return symmetricPart(matrix, order);
}

function symmetricPart(matrix: Float64Array, order: number): Float64Array {
  const out = matrix.slice();
  for (let i = 0; i < order; i++) {
    for (let j = 0; j < i; j++)
      out[i * order + j] = out[j * order + i] = (matrix[i * order + j]! + matrix[j * order + i]!) / 2;
  }
  return out;
}

function transposed(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = matrix[i * columns + j]!;
  return out;
}
