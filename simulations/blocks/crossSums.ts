import type { Backend } from '../contracts.js';
import type { Draw } from '../network/model.js';
import { mixedCurvature } from './crossBlock.js';
import { createInputSums, liveSamples } from './inputSums.js';

/** Takes sums over samples as they come; an array is count×d, one row a class, and is valid during the call only. */
export interface CrossSumsVisitor {
  /** S_iᵀ: column i of the residual part of blocks (w_i, v_j), one row for each class j asked for. */
  residual(i: number, sums: Float64Array): void;
  /** Column k of the curvature part of blocks (w_i, v_j), one row for each class j; called after the residual of i. */
  readonly curvature?: (i: number, k: number, sums: Float64Array) => void;
  /** The columns k that `curvature` wants of unit i: all, or i alone. */
  readonly columns?: 'all' | 'own';
}

/**
 * Both parts of the cross-layer blocks (w_i, v_j) (see `crossBlock`), of all units i and the classes j asked for, as
 * matrix products over samples where neither σ′(u_i) nor h_k is zero: S_i = (1/N) Xᵀ D_i r, and (1/N) Xᵀ D_i diag(h_k)
 * q_i with q_ij = Σ_c v_ci ∂²ℓ/∂f_c∂f_j. `residuals` are r_j, N values for each of `outputs`.
 */
export function visitCrossSums(
  draw: Draw,
  backend: Backend,
  outputs: readonly number[],
  residuals: readonly Float64Array[],
  visitor: CrossSumsVisitor,
): void {
  const { width, samples, dimension } = draw.settings;
  const { slopes, features } = draw;
  const sumInputs = createInputSums(draw, backend);
  const sums = new Float64Array(outputs.length * dimension);
  for (let i = 0; i < width; i++) {
    const slope = slopes.subarray(i * samples, (i + 1) * samples);
    const live = liveSamples(slope);
    sumInputs(live, outputs.length, (j, n) => slope[n]! * residuals[j]![n]!, sums);
    visitor.residual(i, sums);
    if (visitor.curvature === undefined) continue;
    const bends = outputs.map((j) => mixedCurvature(draw, i, j));
    for (let k = 0; k < width; k++) {
      if (visitor.columns === 'own' && k !== i) continue;
      const feature = features.subarray(k * samples, (k + 1) * samples);
      const both = live.filter((n) => feature[n] !== 0);
      sumInputs(both, outputs.length, (j, n) => slope[n]! * bends[j]![n]! * feature[n]!, sums);
      visitor.curvature(i, k, sums);
    }
  }
}
