/** The covariance of a data set, for the separable law that estimates the spectra of its blocks. */
import { dataRows, type InputDistribution } from '../../../simulations/inputs/index.js';
import type { TaskEnvironment } from '../environment.js';

/** Rows taken at once: their share of the memory stays small beside that of a draw. */
const rowsAtOnce = 2048;

/** An eigenvalue below this share of the largest is the rounding of a zero: pixels that never change make some. */
const rounding = 1e-12;

type Data = Extract<InputDistribution, { kind: 'data' }>;

const known = new WeakMap<Data, Float64Array>();

/**
 * Eigenvalues of (1/n) Σ x xᵀ over all n rows, as they are drawn (standardised where the specification says so; else
 * about 0 and not about the mean, as the blocks take them): ascending, none negative. Worked out once for each data set.
 */
export function dataPopulation(data: Data, dimension: number, environment: TaskEnvironment): Float64Array {
  const before = known.get(data);
  if (before !== undefined) return before;
  const rows = dataRows(data, dimension);
  const size = Math.min(rowsAtOnce, data.count);
  const chunk = environment.workspace(dimension, size, 'population');
  const covariance = new Float64Array(dimension * dimension);
  for (let start = 0; start < data.count; start += size) {
    const count = Math.min(size, data.count - start);
    chunk.inputs.set(rows.subarray(start * dimension, (start + count) * dimension));
    // What an earlier part left in the last rows has no weight.
    const part = chunk.weightedGram(new Float64Array(size).fill(size / data.count, 0, count));
    for (let k = 0; k < covariance.length; k++) covariance[k]! += part[k]!;
  }
  const eigenvalues = environment.backend.symmetricEigenvalues(covariance, dimension).slice();
  const smallest = rounding * eigenvalues[dimension - 1]!;
  const population = eigenvalues.map((value) => (value > smallest ? value : 0));
  known.set(data, population);
  return population;
}
