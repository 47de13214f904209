import { UsageError } from '../errors.js';
import { forEachNormalPoint } from '../weights/latticePoints.js';
import type { BulkLaw } from './bulkLaw.js';
import { type EstimatedOutlier, outliersByCubature } from './cubatureOutliers.js';
import { clampToHull, withoutFarTails } from './weightTails.js';
import { symmetricEigenvalues } from './symmetricEigenvalues.js';

export interface CubatureOptions {
  /** Lattice points per shift, a power of two. */
  readonly points?: number;
  /** Shifts, at least 2: their spread is the error estimate. */
  readonly shifts?: number;
  /** Weights beyond the quantiles of this mass on either side count as being at them: 1/N for a sample of N. Default 0. */
  readonly negligibleMass?: number;
}

export interface WeightFunctionOptions extends CubatureOptions {
  readonly law: BulkLaw;
  /** k, at most 256. */
  readonly rank: number;
  /** The weight a of a sample whose coordinates along the k orthonormal projection directions are g. */
  readonly weightOf: (coordinates: Float64Array) => number;
  /** True when the weights take separate values, so that gaps in the bulk are real. Default false. */
  readonly gaps?: boolean;
}

/**
 * Outliers for any weight that is a function of k standard normal coordinates, by a shifted lattice rule over them.
 *
 * The error beside each outlier is one standard error from the spread between shifts; it is an estimate, not a bound.
 * Cost: points × shifts × k² for each of some tens of evaluations.
 *
 * @throws UsageError for fewer than two shifts; NumericalError when the law is of other weights
 */
export function outliersOfWeightFunction(options: WeightFunctionOptions): EstimatedOutlier[] {
  const { rank, weightOf, points = 2048, shifts = 8, negligibleMass = 0, gaps = false } = options;
  const law = withoutFarTails(options.law, negligibleMass);
  if (shifts < 2) throw new UsageError(`outliersOfWeightFunction: shifts must be at least 2, got ${shifts}`);
  const sets = Array.from({ length: shifts }, (_, shift) => {
    const weights = new Float64Array(points);
    const coordinates = new Float64Array(points * rank);
    forEachNormalPoint({ dimension: rank, points, shift }, (point, index) => {
      weights[index] = weightOf(point);
      coordinates.set(point, index * rank);
    });
    return { weights, coordinates };
  });
  clampToHull(sets.map(({ weights }) => weights), law);
  const matrixOf = ({ weights, coordinates }: (typeof sets)[number], t: number): Float64Array => {
    const matrix = new Float64Array(rank * rank);
    for (let n = 0; n < points; n++) {
      const share = weights[n]! / (1 + law.aspectRatio * weights[n]! * t) / points;
      if (share === 0) continue;
      for (let row = 0; row < rank; row++) {
        const left = share * coordinates[n * rank + row]!;
        for (let column = 0; column < row; column++) matrix[row * rank + column]! += left * coordinates[n * rank + column]!;
        matrix[row * rank + row]! += left * coordinates[n * rank + row]! - share;
      }
    }
    for (let row = 0; row < rank; row++) {
      for (let column = 0; column < row; column++) matrix[column * rank + row] = matrix[row * rank + column]!;
    }
    return matrix;
  };
  const perSetMatrices = (t: number): Float64Array[] => sets.map((set) => matrixOf(set, t));
  return outliersByCubature(law, {
    pooled: (t) => {
      const matrices = perSetMatrices(t);
      const mean = new Float64Array(rank * rank);
      for (const matrix of matrices) for (let i = 0; i < mean.length; i++) mean[i]! += matrix[i]! / shifts;
      return symmetricEigenvalues(mean, rank);
    },
    perSet: (t) => perSetMatrices(t).map((matrix) => symmetricEigenvalues(matrix, rank)),
    multiplicities: new Array<number>(rank).fill(1),
    gaps,
  });
}
