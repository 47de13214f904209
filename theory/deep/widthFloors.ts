import { UsageError } from '../errors.js';
import type { FinalNormName } from '../names.js';

/** What it subtracts and divides makes blocks below it depend on each other. */
export type FinalNorm = Exclude<FinalNormName, 'none'>;

/**
 * Where the ratio of rows of a value projection stops falling as C → ∞: rows i, j act through random vectors b_i, b_j of
 * R^D, and E(b_i·b_j)²/E|b|⁴ = 1/(D + 2) for Gaussian ones. Leading order in 1/D: a final norm takes one or two of the D
 * dimensions away.
 *
 * @param dimension D, width of the hidden state, at least 1
 * @throws UsageError for another width
 */
export function valueFloor(dimension: number): number {
  requireDimension('valueFloor', dimension, 1);
  return 1 / (dimension + 2);
}

/**
 * Where the Gauss–Newton ratio of rows of the last block's down projection stops falling as C → ∞ at initialisation. Then
 * a_ij → τ (JᵀJ)_ij with J = (I − 11ᵀ/D − x̂x̂ᵀ/D)/σ of LayerNorm (RMSNorm: without 11ᵀ/D), and squares of its entries off
 * the diagonal over those on it are, for a pair of inputs,
 *
 *   (1 + ρ²)/(D(D − 2)) with LayerNorm,   ρ²/D² with RMSNorm.
 *
 * ρ² is what two inputs have in common beyond chance: the mean square of the cosine of unrelated inputs is 1/n, n = D − 1 for
 * centred ones and D otherwise, so that ρ² = (mean cos² − 1/n)/(1 − 1/n); of an input with itself it is 1.
 * Leading order in 1/D: for inputs with iid normal entries within 1 % with LayerNorm from D = 16 on, and with RMSNorm within
 * 4/D, least where ρ² is small (widthFloors.test.ts).
 *
 * @param cosineSquare mean of cos² over pairs of inputs of the norm, centred for LayerNorm
 * @throws UsageError for a width below 3, or a square outside [0, 1]
 */
export function finalNormFloor(norm: FinalNorm, dimension: number, cosineSquare: number): number {
  requireDimension('finalNormFloor', dimension, 3);
  if (!(cosineSquare >= 0 && cosineSquare <= 1))
    throw new UsageError(
      `finalNormFloor: cosineSquare must lie in [0, 1], got ${cosineSquare}: give the mean of cos² over pairs of inputs`,
    );
  const chance = 1 / (norm === 'layer' ? dimension - 1 : dimension);
  const shared = Math.max(0, (cosineSquare - chance) / (1 - chance));
  return norm === 'layer' ? (1 + shared) / (dimension * (dimension - 2)) : shared / dimension ** 2;
}

function requireDimension(caller: string, dimension: number, least: number): void {
  if (!(Number.isInteger(dimension) && dimension >= least))
    throw new UsageError(
      `${caller}: dimension must be a whole number from ${least} on, got ${dimension}: give the width of the hidden state`,
    );
}
