import { UsageError } from '../errors.js';
import { forEachNormalPoint } from '../numerics/latticePoints.js';
import type { BulkLaw } from '../gmp/bulkLaw.js';
import { type EstimatedOutlier, outliersByCubature } from './cubatureOutliers.js';
import { clampToHull, withoutFarTails } from './weightTails.js';
import { symmetricEigenvalues } from '../numerics/symmetricEigenvalues.js';
import type { LabelledWeight } from '../network/labelledWeight.js';

/** Effort of a cubature over the coordinates that the weights depend on. */
export interface CubatureOptions {
  /** Lattice points per shift, a power of two. */
  readonly points?: number;
  /** Shifts, at least 2: their spread is the error estimate. */
  readonly shifts?: number;
  /**
   * Weights beyond the quantiles of this mass on either side count as being at them: 1/N for a sample of N. Default 0.
   */
  readonly negligibleMass?: number;
}

/** The weight a of a sample whose coordinates along the k orthonormal projection directions are g. */
export interface UnlabelledWeight {
  readonly weightOf: (coordinates: Float64Array) => number;
}

/** Weights as a function of k normal coordinates, of a label too or not, and the bulk that they make. */
export type WeightFunctionOptions = (UnlabelledWeight | LabelledWeight) & WeightFunctionSettings;

interface WeightFunctionSettings extends CubatureOptions {
  readonly law: BulkLaw;
  /** k, at most 256. */
  readonly rank: number;
  /** True when the weights take separate values, so that gaps in the bulk are real. Default false. */
  readonly gaps?: boolean;
}

/**
 * Outliers for any weight that is a function of k standard normal coordinates g, by a shifted lattice rule over them,
 * and of a label with finitely many values, which is independent of g and summed over: E[a/(1 + γ a t) g gᵀ] = E[Σ_y
 * P(y) a_y/(1 + γ a_y t) g gᵀ] (paper-notes.md, outliers).
 *
 * The error beside each outlier is one standard error from the spread between shifts; it is an estimate, not a bound.
 * Cost: points × shifts × (k²/2 + labels) for each of some tens of evaluations.
 *
 * @throws UsageError for fewer than two shifts, or for probabilities of the labels that do not sum to 1 within 1e-9;
 *   NumericalError when the law is of other weights
 */
export function outliersOfWeightFunction(options: WeightFunctionOptions): EstimatedOutlier[] {
  const { rank, points = 2048, shifts = 8, negligibleMass = 0, gaps = false } = options;
  const { labelMasses, weightsOf } = 'weightOf' in options ? withOneLabel(options) : options;
  const law = withoutFarTails(options.law, negligibleMass);
  if (shifts < 2) throw new UsageError(`outliersOfWeightFunction: shifts must be at least 2, got ${shifts}`);
  const labels = labelMasses.length;
  requireProbabilities(labelMasses);
  const sets = Array.from({ length: shifts }, (_, shift) => {
    // Point after point, each with its weight for every label.
    const weights = new Float64Array(points * labels);
    const coordinates = new Float64Array(points * rank);
    forEachNormalPoint({ dimension: rank, points, shift }, (point, index) => {
      weightsOf(point, weights.subarray(index * labels, (index + 1) * labels));
      coordinates.set(point, index * rank);
    });
    return { weights, coordinates };
  });
  clampToHull(
    sets.map(({ weights }) => weights),
    law,
    labelMasses,
  );
  const matrixOf = ({ weights, coordinates }: (typeof sets)[number], t: number): Float64Array => {
    const matrix = new Float64Array(rank * rank);
    for (let n = 0; n < points; n++) {
      let share = 0;
      for (let label = 0; label < labels; label++) {
        const weight = weights[n * labels + label]!;
        share += (labelMasses[label]! * weight) / (1 + law.aspectRatio * weight * t) / points;
      }
      if (share === 0) continue;
      for (let row = 0; row < rank; row++) {
        const left = share * coordinates[n * rank + row]!;
        for (let column = 0; column < row; column++)
          matrix[row * rank + column]! += left * coordinates[n * rank + column]!;
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

function withOneLabel({ weightOf }: UnlabelledWeight): LabelledWeight {
  return {
    labelMasses: [1],
    weightsOf: (coordinates, weights) => {
      weights[0] = weightOf(coordinates);
    },
  };
}

function requireProbabilities(masses: ArrayLike<number>): void {
  let total = 0;
  for (let label = 0; label < masses.length; label++) {
    if (!(masses[label]! >= 0))
      throw new UsageError(
        `outliersOfWeightFunction: labelMasses must not be negative, got ${masses[label]} for label ${label}`,
      );
    total += masses[label]!;
  }
  if (!(Math.abs(total - 1) <= 1e-9))
    throw new UsageError(
      `outliersOfWeightFunction: labelMasses must sum to 1 within 1e-9, got ${total}; divide them by it`,
    );
}
