/** Squared norms of the blocks of each row of the Hessian: one more pass over V, with K and K∘S as quadratic forms. */
import type { HeadWorkspace } from '../contracts.js';
import type { Normaliser } from './normaliser.js';
import { visitProbabilities } from './overlaps.js';
import type { Readout } from './visitLogits.js';

/** Sums over pairs of samples for each class i, in units of the totals: over `pairs` they are means. */
export interface RowSums {
  /** ‖H_ii‖², all pairs and pairs from different groups. */
  readonly diagonal: Float64Array;
  readonly diagonalBetween: Float64Array;
  /** Σ_{j≠i} ‖H_ij‖², the same. */
  readonly offDiagonal: Float64Array;
  readonly offDiagonalBetween: Float64Array;
}

/** Pairs of one group, n = m once and n > m twice, with K and K S of each. */
interface InsidePairs {
  readonly n: Int32Array;
  readonly m: Int32Array;
  readonly kernel: Float64Array;
  readonly overlap: Float64Array;
}

/**
 * Σ_{j≠i} ‖H_ij‖² = p_iᵀ(K∘S)p_i − q_iᵀ K q_i and ‖H_ii‖² = a_iᵀ K a_i for every row i, p_i, q_i, a_i the columns of P, Q, A over
 * samples. The matrices of the workspace are lost.
 */
export function rowSums(
  workspace: HeadWorkspace,
  readout: Readout,
  normaliser: Normaliser,
  group: Int32Array,
): RowSums {
  const inside = splitPairs(workspace, group);
  workspace.takeTriangles();
  const { fields, fieldRow } = workspace;
  const numbers = (): Float64Array => new Float64Array(readout.rows.rows);
  const sums = {
    diagonal: numbers(),
    diagonalBetween: numbers(),
    offDiagonal: numbers(),
    offDiagonalBetween: numbers(),
  };
  visitProbabilities(workspace, readout, normaliser, (first, count) => {
    const together = workspace.quadraticForms('probabilities', 'probabilities', count);
    const own = workspace.quadraticForms('squares', 'gram', count);
    sums.diagonalBetween.set(workspace.quadraticForms('weights', 'gram', count), first);
    sums.offDiagonalBetween.set(
      together.map((form, c) => form - own[c]!),
      first,
    );
    for (let c = 0; c < count; c += 1) {
      const at = c * fieldRow;
      const p = fields.probabilities.subarray(at, at + fieldRow);
      const a = fields.weights.subarray(at, at + fieldRow);
      let diagonal = 0;
      let offDiagonal = 0;
      for (let k = 0; k < inside.n.length; k += 1) {
        const n = inside.n[k]!;
        const m = inside.m[k]!;
        const both = p[n]! * p[m]!;
        diagonal += inside.kernel[k]! * a[n]! * a[m]!;
        offDiagonal += both * (inside.overlap[k]! - inside.kernel[k]! * both);
      }
      sums.diagonal[first + c] = sums.diagonalBetween[first + c]! + diagonal;
      sums.offDiagonal[first + c] = sums.offDiagonalBetween[first + c]! + offDiagonal;
    }
  });
  return sums;
}

/**
 * Makes the triangles K and K∘S of pairs from different groups in place of `gram` and `probabilities`, and hands back the pairs
 * of one group.
 */
function splitPairs({ samples, matrixRow, matrices }: HeadWorkspace, group: Int32Array): InsidePairs {
  const { gram, probabilities } = matrices;
  const [ns, ms, kernels, overlaps]: number[][] = [[], [], [], []];
  for (let n = 0; n < samples; n += 1) {
    const row = n * matrixRow;
    for (let m = 0; m <= n; m += 1) {
      const kernel = gram[row + m]! ** 2;
      const overlap = kernel * probabilities[row + m]!;
      const apart = group[m] !== group[n];
      gram[row + m] = apart ? kernel : 0;
      probabilities[row + m] = apart ? overlap : 0;
      if (apart) continue;
      ns!.push(n);
      ms!.push(m);
      kernels!.push((m < n ? 2 : 1) * kernel);
      overlaps!.push((m < n ? 2 : 1) * overlap);
    }
    gram.fill(0, row + n + 1, row + matrixRow);
    probabilities.fill(0, row + n + 1, row + matrixRow);
  }
  return {
    n: Int32Array.from(ns!),
    m: Int32Array.from(ms!),
    kernel: Float64Array.from(kernels!),
    overlap: Float64Array.from(overlaps!),
  };
}
