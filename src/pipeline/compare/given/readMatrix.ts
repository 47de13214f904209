/** The eigenvalues of a symmetric matrix from a file. */
import { basename } from 'node:path';
import { UsageError } from '../../../../theory/errors.js';
import { complementInputs } from '../../../../simulations/comparisons/index.js';
import { orthonormalise } from '../../../../simulations/blocks/index.js';
import type { Backend } from '../../../../simulations/contracts.js';
import { readArrayFile } from '../../../store/formats/index.js';
import type { GivenSpectrum, Precision } from '../givenSpectrum.js';
import { requireFinite, shapeOf, transposed } from './arrays.js';
import { correlationNote, hasUnitDiagonal } from './correlation.js';
import { precisionOf, roundoffs } from './precision.js';
import { requireSymmetric } from './requireSymmetric.js';

export interface MatrixOptions {
  readonly directions?: string | undefined;
  readonly correlation?: boolean | undefined;
}

/**
 * Eigenvalues of a symmetric matrix; with `directions` (rows that span what the weights depend on), of its restriction
 * to their orthogonal complement, which is an exact draw of the law given the weights. A diagonal of ones makes it a
 * correlation matrix.
 * @throws UsageError when it is not square, not finite (with the index), not symmetric (with the largest asymmetry and its
 * index), or said to be of correlations and has another diagonal.
 */
export function readMatrix(path: string, backend: Backend, options: MatrixOptions = {}): GivenSpectrum {
  const array = readArrayFile(path);
  const source = basename(path);
  const [rows, columns] = array.shape;
  if (array.shape.length !== 2 || rows !== columns || rows === 0) {
    throw new UsageError(
      `--matrix ${source}: a square matrix is needed, the file holds ${shapeOf(array)}. Use --data for a matrix of samples or of weights, whose Gram matrix is then taken, and --eigenvalues for a list of eigenvalues.`,
    );
  }
  requireFinite(array, `--matrix ${source}`);
  const order = rows!;
  const precision = precisionOf(array);
  requireSymmetric(
    array.data,
    order,
    `--matrix ${source}`,
    'Give a block on the diagonal or a scalar-weight block, or (H + H.T) / 2 if that is what you mean; a matrix of samples or of weights goes to --data.',
  );
  const matrix = symmetricPart(array.data, order);
  const remarks = array.remark === undefined ? [] : [`${source}: ${array.remark}`];
  if (options.directions !== undefined) {
    const { eigenvalues, rank } = restrictedSpectrum(matrix, order, options.directions, backend);
    return {
      ...oneDraw(eigenvalues),
      precision,
      roundoff: roundoffOf(matrix, order, precision, eigenvalues),
      rank,
      description: `${order}×${order} matrix from ${source}, restricted to the ${order - rank} dimensions orthogonal to the ${rank} directions of ${basename(options.directions)}`,
      notes: remarks,
    };
  }
  const eigenvalues = backend.symmetricEigenvalues(matrix, order);
  const correlation = hasUnitDiagonal(matrix, order, roundoffs[precision]);
  if (options.correlation === true && !correlation) refuseDiagonal(matrix, order, source);
  return {
    ...oneDraw(eigenvalues),
    precision,
    roundoff: roundoffOf(matrix, order, precision, eigenvalues),
    rank: 0,
    description: `${order}×${order} ${correlation ? 'correlation ' : ''}matrix from ${source}`,
    correlation,
    notes: [...remarks, ...(correlation ? [correlationNote(order)] : [])],
  };
}

function refuseDiagonal(matrix: Float64Array, order: number, source: string): never {
  let worst = 0;
  for (let i = 1; i < order; i++)
    if (Math.abs(matrix[i * order + i]! - 1) > Math.abs(matrix[worst * order + worst]! - 1)) worst = i;
  throw new UsageError(
    `--correlation: the diagonal of a correlation matrix is 1, that of --matrix ${source} is ${matrix[worst * order + worst]!.toPrecision(6)} at (${worst}, ${worst}). Leave --correlation out.`,
  );
}

/**
 * Unit roundoff ε by which zeros are told: numbers below 8 ε √d times the largest eigenvalue. Rounding the entries of a matrix
 * to half precision, u = 2^-11, moves its eigenvalues by up to about 2u/√3 times its longest row, since they are rounded
 * independently; ε √d is half of that over the largest.
 */
function roundoffOf(matrix: Float64Array, order: number, precision: Precision, eigenvalues: Float64Array): number {
  if (precision !== 'float16') return roundoffs[precision];
  let longest = 0;
  for (let i = 0; i < order; i++) {
    const row = matrix.subarray(i * order, (i + 1) * order);
    longest = Math.max(longest, Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)));
  }
  const largest = Math.max(...eigenvalues.map(Math.abs));
  return (roundoffs.float16 * longest) / Math.sqrt(12 * order) / largest || roundoffs.float16;
}

/** Of the matrix between the orthogonal complement of the directions and itself. */
function restrictedSpectrum(
  matrix: Float64Array,
  order: number,
  path: string,
  backend: Backend,
): { readonly eigenvalues: Float64Array; readonly rank: number } {
  const directions = readArrayFile(path);
  const what = `--directions ${basename(path)}`;
  requireFinite(directions, what);
  if (directions.shape.length !== 2 || directions.shape[1] !== order) {
    throw new UsageError(
      `${what}: rows of length ${order} are needed, one a direction, the file holds ${shapeOf(directions)}. Give W for a hidden layer, V for a linear model.`,
    );
  }
  const basis = orthonormalise(directions.data, order);
  if (basis.rank >= order)
    throw new UsageError(
      `${what}: they span all ${order} dimensions and leave nothing to test. Leave --directions out.`,
    );
  const kept = order - basis.rank;
  const half = new Float64Array(order * kept);
  complementInputs({ inputs: matrix, samples: order, dimension: order, basis, out: half });
  const restricted = new Float64Array(kept * kept);
  complementInputs({ inputs: transposed(half, order, kept), samples: kept, dimension: order, basis, out: restricted });
  return { eigenvalues: backend.symmetricEigenvalues(symmetricPart(restricted, kept), kept), rank: basis.rank };
}

function oneDraw(eigenvalues: Float64Array): Pick<GivenSpectrum, 'eigenvalues' | 'spectra'> {
  return { eigenvalues, spectra: [eigenvalues] };
}

function symmetricPart(matrix: Float64Array, order: number): Float64Array {
  const out = matrix.slice();
  for (let i = 0; i < order; i++) {
    for (let j = 0; j < i; j++)
      out[i * order + j] = out[j * order + i] = (matrix[i * order + j]! + matrix[j * order + i]!) / 2;
  }
  return out;
}
