import { basename } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import { symmetricEigenvalues } from '../../../theory/numerics/symmetricEigenvalues.js';
import { readArrayFile } from '../../store/formats/index.js';
import type { Population } from './weightedLaw.js';

/** Rounding of a covariance matrix: eigenvalues this far below 0, in units of the largest, are zeros. */
const rounding = 1e-12;

/**
 * The covariance Σ of x from --population, or another option: a symmetric matrix, or its eigenvalues in any order, equally frequent.
 * @throws UsageError for another shape, numbers that are not finite, and a matrix that is no covariance
 */
export function readPopulation(path: string, option = '--population'): Population {
  const { shape, data } = readArrayFile(path);
  const source = basename(path);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (data.length === 0 || bad >= 0)
    throw new UsageError(
      `${option} ${source}: finite numbers are needed, ${data.length === 0 ? 'it holds none' : `number ${bad} (from 0) is ${data[bad]}`}. Give Σ or its eigenvalues.`,
    );
  const long = shape.filter((length) => length !== 1);
  const isMatrix = long.length === 2 && long[0] === long[1];
  if (long.length > 1 && !isMatrix)
    throw new UsageError(
      `${option} ${source}: a square matrix Σ or a list of its eigenvalues is needed, the file holds an array of shape (${shape.join(', ')}). Give numpy.cov(X.T), or its eigenvalues.`,
    );
  const eigenvalues = isMatrix ? matrixEigenvalues(data, long[0]!, `${option} ${source}`) : data.slice().sort();
  const largest = Math.max(...eigenvalues.map(Math.abs));
  if (eigenvalues[0]! < -rounding * largest)
    throw new UsageError(
      `${option} ${source}: a covariance has no negative eigenvalue, the smallest is ${eigenvalues[0]!.toPrecision(4)}. Give the covariance of x, not the spectrum that is compared.`,
    );
  if (!(largest > 0))
    throw new UsageError(`${option} ${source}: it is zero, and so is every such matrix. Give the covariance of x.`);
  return { eigenvalues: eigenvalues.map((value) => Math.max(0, value)), isMatrix, source };
}

function matrixEigenvalues(matrix: Float64Array, order: number, named: string): Float64Array {
  const largest = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let i = 0; i < order; i++)
    for (let j = 0; j < i; j++) {
      const [lower, upper] = [matrix[i * order + j]!, matrix[j * order + i]!];
      if (Math.abs(lower - upper) > 1e-6 * largest)
        throw new UsageError(
          `${named}: Σ must be symmetric, but entries (${i}, ${j}) and (${j}, ${i}) are ${lower} and ${upper}. Use (S + S.T) / 2 if that is what you mean.`,
        );
    }
  return symmetricEigenvalues(matrix, order);
}
