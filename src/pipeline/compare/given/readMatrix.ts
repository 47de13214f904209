/** The eigenvalues of a symmetric matrix from a file. */
import { basename } from 'node:path';
import { UsageError } from '../../../../theory/errors.js';
import { complementInputs } from '../../../../simulations/comparisons/index.js';
import { orthonormalise } from '../../../../simulations/blocks/index.js';
import type { Backend } from '../../../../simulations/contracts.js';
import { readArrayFile } from '../../../store/formats/index.js';
import type { GivenSpectrum } from '../givenSpectrum.js';
import { requireFinite, shapeOf, transposed } from './arrays.js';
import { precisionOf, roundoffs } from './precision.js';
import { requireSymmetric } from './requireSymmetric.js';

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
    'Give a block on the diagonal or a scalar-weight block, or (H + H.T) / 2 if that is what you mean.',
  );
  const matrix = symmetricPart(array.data, order);
  const given = { precision, roundoff: roundoffs[precision] };
  if (directionsPath === undefined) {
    return {
      ...given,
      ...oneDraw(backend.symmetricEigenvalues(matrix, order)),
      rank: 0,
      description: `${order}×${order} matrix from ${source}`,
    };
  }
  const directions = readArrayFile(directionsPath);
  requireFinite(directions, `--directions ${basename(directionsPath)}`);
  if (directions.shape.length !== 2 || directions.shape[1] !== order) {
    throw new UsageError(
      `--directions ${basename(directionsPath)}: rows of length ${order} are needed, one a direction, the file holds ${shapeOf(directions)}. Give W for a hidden layer, V for a linear model.`,
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
    ...given,
    ...oneDraw(backend.symmetricEigenvalues(symmetricPart(restricted, kept), kept)),
    rank: basis.rank,
    description: `${order}×${order} matrix from ${source}, restricted to the ${kept} dimensions orthogonal to the ${basis.rank} directions of ${basename(directionsPath)}`,
  };
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
