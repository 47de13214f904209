import type { SpectralLaw } from '../contracts.js';
import { UsageError } from '../errors.js';
import { pointMasses } from '../gmp/pointMass.js';
import { discreteMeasure } from '../measures/index.js';
import { requirePositive, requirePositiveInteger } from '../requirements.js';

/** A linear network f = W_L … W_1 x, and the map that it has learnt. */
export interface DeepLinearMinimumOptions {
  /** d_in, the hidden widths, d_out: L + 1 numbers, L ≥ 2 layers. */
  readonly widths: readonly number[];
  /** The positive singular values s_1 … s_r of W_L … W_1, at most as many as the smallest width. */
  readonly singularValues: readonly number[];
}

/** An eigenvalue of a matrix, and how often it is one. */
export interface MultipleEigenvalue {
  readonly at: number;
  readonly multiplicity: number;
}

/** The whole spectrum of the Hessian, exactly. */
export interface DeepLinearMinimum {
  /** Distinct to a relative 1e-12, descending; the last is 0. */
  readonly eigenvalues: readonly MultipleEigenvalue[];
  /** Σ d_l d_{l−1}, which is the order of the Hessian. */
  readonly parameters: number;
  /** The same as a law: a mass at each eigenvalue. */
  readonly law: SpectralLaw;
}

/**
 * The Hessian of a deep linear network with balanced layers, W_{l+1}ᵀ W_{l+1} = W_l W_lᵀ, at a minimum where W_L … W_1 is
 * the least-squares solution M of rank r, on whitened inputs, (1/N) Σ x xᵀ = I. Loss (1/2N) Σ ‖f − y‖²; a target M x plus
 * noise that is orthogonal to the inputs is the same, as only its loss is larger.
 *
 * With no residual the Hessian is JᵀJ, J the derivative of the end-to-end matrix, and JJᵀ = Σ_l A_l A_lᵀ ⊗ B_lᵀ B_l with A_l
 * what stands above layer l and B_l what stands below. Balanced layers share their singular vectors and have singular
 * values s^{1/L}, so that the eigenvectors of JJᵀ are pairs (k, j) of a left and a right singular vector of M:
 *
 *   Σ_{l=1}^L s_k^{2(L−l)/L} s_j^{2(l−1)/L}   for k, j ≤ r,
 *   s_k^{2(L−1)/L}   d_in − r times and d_out − r times for each k ≤ r,
 *
 * and 0 for all other directions of the parameters. With r equal singular values these are L s^{2(L−1)/L}, r² times, and
 * s^{2(L−1)/L}, r(d_in + d_out − 2r) times. The hidden widths change the number of zeros alone. Exact, to rounding;
 * paper-notes.md, deep linear minima.
 *
 * @throws UsageError for fewer than two layers, widths that are not whole numbers of at least 1, no singular values or more
 * than the smallest width, and singular values that are not finite and positive
 */
export function deepLinearMinimum({ widths, singularValues }: DeepLinearMinimumOptions): DeepLinearMinimum {
  const caller = 'deepLinearMinimum';
  if (widths.length < 3)
    throw new UsageError(
      `${caller}: widths must have at least 3 entries (inputs, a hidden layer, outputs), got ${widths.length}`,
    );
  for (const width of widths) requirePositiveInteger(caller, 'each of widths', width);
  for (const value of singularValues) requirePositive(caller, 'each of singularValues', value);
  const rank = singularValues.length;
  const narrowest = Math.min(...widths);
  if (rank < 1 || rank > narrowest)
    throw new UsageError(
      `${caller}: singularValues must have from 1 to ${narrowest} entries, the smallest width, got ${rank}`,
    );
  const depth = widths.length - 1;
  const unpaired = widths[0]! + widths[depth]! - 2 * rank;
  const found: MultipleEigenvalue[] = [];
  for (const [k, left] of singularValues.entries()) {
    for (const right of singularValues.slice(0, k))
      found.push({ at: pairEigenvalue(left, right, depth), multiplicity: 2 });
    found.push({ at: pairEigenvalue(left, left, depth), multiplicity: 1 });
    if (unpaired > 0) found.push({ at: left ** ((2 * (depth - 1)) / depth), multiplicity: unpaired });
  }
  const parameters = widths.slice(1).reduce((sum, width, l) => sum + width * widths[l]!, 0);
  const zeros = parameters - found.reduce((sum, { multiplicity }) => sum + multiplicity, 0);
  const eigenvalues = merged([...found, ...(zeros > 0 ? [{ at: 0, multiplicity: zeros }] : [])]);
  return {
    eigenvalues,
    parameters,
    law: pointMasses(
      discreteMeasure(
        eigenvalues.map(({ at }) => at),
        eigenvalues.map(({ multiplicity }) => multiplicity / parameters),
      ),
    ),
  };
}

/** Σ_{l=1}^L s_k^{2(L−l)/L} s_j^{2(l−1)/L}; all terms are positive, so that nothing cancels where s_k = s_j. */
function pairEigenvalue(left: number, right: number, depth: number): number {
  let sum = 0;
  for (let l = 1; l <= depth; l++) sum += left ** ((2 * (depth - l)) / depth) * right ** ((2 * (l - 1)) / depth);
  return sum;
}

/** Descending, with equal ones as one. */
function merged(eigenvalues: readonly MultipleEigenvalue[]): MultipleEigenvalue[] {
  const sorted = [...eigenvalues].sort((a, b) => b.at - a.at);
  const distinct: MultipleEigenvalue[] = [];
  for (const { at, multiplicity } of sorted) {
    const before = distinct[distinct.length - 1];
    if (before !== undefined && before.at - at <= 1e-12 * before.at)
      distinct[distinct.length - 1] = { at: before.at, multiplicity: before.multiplicity + multiplicity };
    else distinct.push({ at, multiplicity });
  }
  return distinct;
}
