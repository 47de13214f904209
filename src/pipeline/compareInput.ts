/** A spectrum from a file: read, checked, and made exactly symmetric. */
import { basename } from 'node:path';
import { UsageError } from '../../theory/errors.js';
import { complementInputs } from '../../simulations/comparisons/index.js';
import { orthonormalise } from '../../simulations/blocks/index.js';
import type { Backend } from '../../simulations/contracts.js';
import { readArrayFile, type NumericArray } from '../store/formats/index.js';

export interface GivenSpectrum {
  /** Ascending. */
  readonly eigenvalues: Float64Array;
  /** Unit roundoff of the numbers as they came: 2^-52, or 2^-23 when every one of them is a float32. */
  readonly roundoff: number;
  /** Directions taken out of the matrix, 0 for none. */
  readonly rank: number;
  readonly description: string;
}

const DOUBLE_ROUNDOFF = 2 ** -52;
const SINGLE_ROUNDOFF = 2 ** -23;
/** Two halves of a symmetric matrix computed in different orders differ by some roundings. */
const ASYMMETRY_ROUNDINGS = 2 ** 10;

/**
 * Eigenvalues as a vector (or a matrix of one row or column), in any order.
 * @throws UsageError for another shape, no entries, or an entry that is not finite (with its index).
 */
export function readEigenvalues(path: string): GivenSpectrum {
  const array = readArrayFile(path);
  const source = basename(path);
  if (array.shape.filter((length) => length !== 1).length > 1) {
    throw new UsageError(`--eigenvalues ${source}: a list of numbers is needed, the file holds an array of shape (${array.shape.join(', ')}). Use --matrix for a matrix.`);
  }
  if (array.data.length === 0) throw new UsageError(`--eigenvalues ${source}: it holds no numbers. Give at least one eigenvalue.`);
  requireFinite(array, `--eigenvalues ${source}`);
  return { eigenvalues: array.data.slice().sort(), roundoff: roundoffOf(array.data), rank: 0, description: `${array.data.length} eigenvalues from ${source}` };
}

/**
 * Eigenvalues of a symmetric matrix; with `directions` (rows that span what the weights depend on), of its restriction to their orthogonal
 * complement, which is an exact draw of the law given the weights.
 * @throws UsageError when it is not square, not finite (with the index), or not symmetric (with the largest asymmetry and its index).
 */
export function readMatrix(path: string, backend: Backend, directionsPath?: string): GivenSpectrum {
  const array = readArrayFile(path);
  const source = basename(path);
  const [rows, columns] = array.shape;
  if (array.shape.length !== 2 || rows !== columns || rows === 0) {
    throw new UsageError(`--matrix ${source}: a square matrix is needed, the file holds an array of shape (${array.shape.join(', ')}). Use --eigenvalues for a list of eigenvalues.`);
  }
  requireFinite(array, `--matrix ${source}`);
  const order = rows!;
  const roundoff = roundoffOf(array.data);
  const matrix = symmetrised(array.data, order, roundoff, source);
  if (directionsPath === undefined) {
    return { eigenvalues: backend.symmetricEigenvalues(matrix, order), roundoff, rank: 0, description: `${order}×${order} matrix from ${source}` };
  }
  const directions = readArrayFile(directionsPath);
  requireFinite(directions, `--directions ${basename(directionsPath)}`);
  if (directions.shape.length !== 2 || directions.shape[1] !== order) {
    throw new UsageError(`--directions ${basename(directionsPath)}: rows of length ${order} are needed, one a direction, the file holds an array of shape (${directions.shape.join(', ')}). Give W for a hidden layer, V for a linear model.`);
  }
  const basis = orthonormalise(directions.data, order);
  if (basis.rank >= order) throw new UsageError(`--directions ${basename(directionsPath)}: they span all ${order} dimensions and leave nothing to test. Leave --directions out.`);
  const kept = order - basis.rank;
  const half = new Float64Array(order * kept);
  complementInputs({ inputs: matrix, samples: order, dimension: order, basis, out: half });
  const restricted = new Float64Array(kept * kept);
  complementInputs({ inputs: transposed(half, order, kept), samples: kept, dimension: order, basis, out: restricted });
  return {
    eigenvalues: backend.symmetricEigenvalues(symmetricPart(restricted, kept), kept),
    roundoff,
    rank: basis.rank,
    description: `${order}×${order} matrix from ${source}, restricted to the ${kept} dimensions orthogonal to the ${basis.rank} directions of ${basename(directionsPath)}`,
  };
}

/** Drawn weights: N numbers. */
export function readWeights(path: string): Float64Array {
  const array = readArrayFile(path);
  const source = `--weights-file ${basename(path)}`;
  if (array.data.length === 0 || array.shape.filter((length) => length !== 1).length > 1) {
    throw new UsageError(`${source}: a list of weights is needed, one a sample, the file holds an array of shape (${array.shape.join(', ')}). Save the vector a of length N.`);
  }
  requireFinite(array, source);
  return array.data;
}

function requireFinite({ data, shape }: NumericArray, what: string): void {
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const place = shape.length === 2 ? `entry (${Math.floor(bad / shape[1]!)}, ${bad % shape[1]!})` : `entry ${bad}`;
  throw new UsageError(`${what}: every number must be finite, but ${place} is ${data[bad]} (counting from 0). Find out where it comes from.`);
}

/** Numbers computed in single precision stay recognisable after a conversion to double. */
function roundoffOf(data: Float64Array): number {
  return data.every((value) => Math.fround(value) === value) && data.some((value) => !Number.isInteger(value)) ? SINGLE_ROUNDOFF : DOUBLE_ROUNDOFF;
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
  const allowed = ASYMMETRY_ROUNDINGS * roundoff * largest;
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
    for (let j = 0; j < i; j++) out[i * order + j] = out[j * order + i] = (matrix[i * order + j]! + matrix[j * order + i]!) / 2;
  }
  return out;
}

function transposed(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = matrix[i * columns + j]!;
  return out;
}
