import { UsageError } from '../errors.js';
import { gramFactor, scaledIdentity } from '../numerics/gramFactor.js';
import type { CrossLayerNorms } from './crossLayerNorms.js';
import { shiftSums, type GivenReadoutSpec, type Part, type ShiftSums } from './crossLayerSums.js';

/** Squared norms of the parts of a cross-layer block, with their errors. */
export interface CrossLayerNormsGivenReadout extends Omit<CrossLayerNorms, 'reason'> {
  /** Relative standard errors of the cubature, from the spread between shifts. */
  readonly relativeError: {
    readonly residual: number;
    readonly curvature: number;
    readonly column: number;
    readonly otherColumns: number;
  };
}

const normParts: readonly Part[] = ['residual', 'curvature', 'column', 'otherColumns'];

/**
 * Squared norms of the parts of the cross-layer blocks given both layers: expectation over standard normal inputs and
 * uniform labels, averaged over all hidden units i and the classes j asked for (paper-notes.md, cross-layer blocks).
 * Exact in C, m, d and N apart from the cubature over the m pre-activations. With u = L z, L Lᵀ = W Wᵀ, a part (1/N) Σ
 * x_n s_n has
 *
 *   E‖·‖² = (1/N) E[(d − m + |z|²) s²] + (1 − 1/N) ‖E z s‖².
 *
 * The squared mean is taken as the product of different shifts' estimates, so that cubature noise does not bias it.
 * Cost O(points·shifts·(C m + J m³)) for J classes asked for. Throws a UsageError on sizes that disagree or width >
 * dimension.
 */
export function crossLayerNormsGivenReadout(spec: GivenReadoutSpec): CrossLayerNormsGivenReadout {
  const { classes, shifts = 8, outputs = [...Array(Math.min(classes, 16)).keys()] } = spec;
  requireSizes({ ...spec, shifts, outputs });
  const factor = preactivationFactor(spec.preactivationGram, spec.width);
  const sumsOfShift = shiftSums(spec, outputs, factor);
  const sums = Array.from({ length: shifts }, (_, shift) => sumsOfShift(shift));
  const parts = (first: number, second: number): Record<Part, number> => normsOf(spec, sums[first]!, sums[second]!);

  // Disjoint pairs of shifts give independent estimates, hence the error; all pairs give the value.
  const independent = Array.from({ length: Math.floor(shifts / 2) }, (_, k) => parts(2 * k, 2 * k + 1));
  const value = { residual: 0, curvature: 0, column: 0, otherColumns: 0 };
  let pairCount = 0;
  for (let first = 0; first < shifts; first++) {
    for (let second = first + 1; second < shifts; second++) {
      const estimate = parts(first, second);
      for (const part of normParts) value[part] += estimate[part];
      pairCount++;
    }
  }
  const relativeError = { residual: Number.NaN, curvature: Number.NaN, column: Number.NaN, otherColumns: Number.NaN };
  for (const part of normParts) {
    value[part] /= pairCount;
    const spread = independent.reduce((sum, estimate) => sum + (estimate[part] - value[part]) ** 2, 0);
    relativeError[part] = Math.sqrt(spread / (independent.length * Math.max(1, independent.length - 1))) / value[part];
  }
  return { ...value, ratio: value.residual / value.curvature, relativeError };
}

function requireSizes(spec: GivenReadoutSpec & { readonly shifts: number; readonly outputs: readonly number[] }): void {
  const { classes, width, dimension, samples, readout, shifts, outputs } = spec;
  const caller = 'crossLayerNormsGivenReadout';
  for (const [name, value] of Object.entries({ classes, width, dimension, samples })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new UsageError(
        `${caller}: ${name} must be a whole number of at least 1, got ${value}; give a whole number`,
      );
    }
  }
  if (width > dimension) {
    throw new UsageError(
      `${caller}: width must be at most dimension ${dimension}, got ${width}; use a larger dimension`,
    );
  }
  if (readout.length !== classes * width) {
    throw new UsageError(
      `${caller}: readout must have ${classes}×${width} entries, got ${readout.length}; pass V row-major`,
    );
  }
  if (!Number.isInteger(shifts) || shifts < 2) {
    throw new UsageError(
      `${caller}: shifts must be a whole number of at least 2, got ${shifts}; the error is their spread`,
    );
  }
  for (const j of outputs) {
    if (!Number.isInteger(j) || j < 0 || j >= classes) {
      throw new UsageError(
        `${caller}: outputs must be class numbers from 0 to ${classes - 1}, got ${j}; count from zero`,
      );
    }
  }
}

/** The norms from two shifts, the squared means as products of the one's and the other's. */
function normsOf({ width, samples }: GivenReadoutSpec, first: ShiftSums, second: ShiftSums): Record<Part, number> {
  const units = first.residualMeans.length / width;
  let residuals = 0;
  let curvatures = 0;
  let columns = 0;
  let otherColumns = 0;
  for (let row = 0; row < units; row++) {
    const unit = row % width;
    for (let l = 0; l < width; l++) {
      const at = row * width + l;
      const residual = first.residualMeans[at]!;
      const other = second.residualMeans[at]!;
      residuals += residual * other;
      for (let k = 0; k < width; k++) {
        const curvatureAt = (row * width + k) * width + l;
        const curvature = first.curvatureMeans[curvatureAt]!;
        const otherCurvature = second.curvatureMeans[curvatureAt]!;
        curvatures += curvature * otherCurvature;
        if (k === unit) columns += (residual + curvature) * (other + otherCurvature);
        else otherColumns += curvature * otherCurvature;
      }
    }
  }
  const norm = (part: Part, mean: number): number =>
    ((first.squares[part] + second.squares[part]) / 2 + (1 - 1 / samples) * mean) / units;
  return {
    residual: norm('residual', residuals),
    curvature: norm('curvature', curvatures),
    column: norm('column', columns),
    otherColumns: norm('otherColumns', otherColumns),
  };
}

/** Lower triangular L with L Lᵀ the Gram matrix, m×m, or that of a multiple of the identity. */
function preactivationFactor(gram: Float64Array | number, width: number): Float64Array {
  if (typeof gram !== 'number') return gramFactor('crossLayerNormsGivenReadout', gram, width, []).factor;
  if (!(gram > 0 && Number.isFinite(gram))) {
    throw new UsageError(
      `crossLayerNormsGivenReadout: preactivationGram must be a matrix or a finite number above 0, got ${gram}; give the variance factor`,
    );
  }
  return scaledIdentity(width, Math.sqrt(gram));
}
