import { columnOf, rowOf, sumOfSquares } from '../linalg/vectors.js';
import { isGated } from '../network/activation.js';
import { orderedPairs } from '../network/classStatistics.js';
import type { CrossObservation, ExactStatement, UnitObservation } from './contract.js';
import type { MarkParts, UnitContractions, UnitSizes } from './markParts.js';
import { normsOfPairs } from './normsOfPairs.js';
import { atMost, equal, equalVectors, roundingOf, worst } from './statement.js';

/** What a state says of the powers of its units since training began; see `balanceDrift` of a training state. */
export interface Balance {
  /** ‖w_i‖² − ‖v_i‖² at step 0. */
  readonly start: ArrayLike<number>;
  /** By how much it must have moved, Σ η²(‖∂w_i‖² − ‖∂v_i‖²); empty where nothing is said. */
  readonly drift: ArrayLike<number>;
}

/**
 * E2. S_i v_i = ∂L/∂w_i, whatever the activation; S_iᵀ w_i = ∂L/∂v_i through gates, for which σ(u) = σ′(u)u.
 *
 * Rounding: an entry of either side is a sum over N samples, C classes and d inputs of terms whose absolute values make
 * a vector of length at most √(inputPower · liveResidualPower) times ‖v_i‖ or ‖w_i‖.
 */
export function gradientStatements(parts: MarkParts, contractions: readonly UnitContractions[]): ExactStatement[] {
  const { draw, gradient, readout } = parts;
  const { width, dimension } = draw.settings;
  const operations = 2 * parts.operations;
  const ofWeights = contractions.map((own, unit) => {
    const rounding = roundingOf(operations, sizeOf(own) * length(columnOf(readout, unit, width)));
    const expected = rowOf(gradient.hiddenLayer, unit, dimension);
    return equalVectors({ id: 'E2-weights', unit, rounding }, own.withReadout, expected);
  });
  if (!isGated(draw.activation)) return worst(ofWeights);
  const ofReadout = contractions.map((own, unit) => {
    const rounding = roundingOf(operations, sizeOf(own) * length(rowOf(draw.hiddenLayer, unit, dimension)));
    const expected = columnOf(gradient.readout, unit, width);
    return equalVectors({ id: 'E2-readout', unit, rounding }, own.withWeights, expected);
  });
  return [...worst(ofWeights), ...worst(ofReadout)];
}

/**
 * E3, at any size: u_i = (w_i, −v_i) leaves every output, J_n u_i = (σ′(u)u − σ(u)) v_i = 0, where σ is a gate; hence GN
 * u_i = 0. Said of the root mean square over samples. Rounding: σ′(u)u and σ(u) once each.
 */
export function rescalingStatements({ draw }: MarkParts, units: readonly UnitObservation[]): ExactStatement[] {
  if (!isGated(draw.activation)) return [];
  const { samples } = draw.settings;
  const { preactivations, slopes, features } = draw;
  return worst(
    units.map(({ readoutPower }, unit) => {
      const h = rowOf(features, unit, samples);
      const moved = h.map((value, n) => slopes[unit * samples + n]! * preactivations[unit * samples + n]! - value);
      const scale = Math.sqrt((sumOfSquares(h) / samples) * readoutPower);
      const left = Math.sqrt((sumOfSquares(moved) / samples) * readoutPower);
      return equal({ id: 'E3-outputs', unit, left, right: 0, scale, rounding: roundingOf(2, scale) });
    }),
  );
}

/**
 * E5. Σ_i max(‖∂w_i‖²/‖v_i‖², ‖∂v_i‖²/‖w_i‖²) ≤ ‖R‖² ≤ Σ_i Λ_i ‖r‖²/N over live samples, without the second of the pair
 * where units are no gates. Rounding: each side is a sum of squares of sums over samples.
 */
export function residualBoundStatements(
  parts: MarkParts,
  { residual, lowerBound, upperBound }: CrossObservation,
  sizes: readonly UnitSizes[],
): ExactStatement[] {
  const size = sizes.reduce((sum, own) => sum + sizeOf(own) ** 2, 0);
  const rounding = roundingOf(4 * parts.operations, size);
  return [
    atMost({ id: 'E5-lower', left: lowerBound, right: residual, scale: residual, rounding }),
    atMost({ id: 'E5-upper', left: residual, right: upperBound, scale: upperBound, rounding }),
  ];
}

/**
 * E8. ‖w_i‖² − ‖v_i‖² moved by Σ η²(‖∂w_i‖² − ‖∂v_i‖²), through gates under plain gradient steps.
 *
 * Rounding: each step rounds the weights once, and its gradient by as many operations as one at a mark, on terms no
 * larger than the weights as long as a step is smaller than the weights that it moves.
 */
export function balanceStatements(
  parts: MarkParts,
  units: readonly UnitObservation[],
  step: number,
  { start, drift }: Balance,
): ExactStatement[] {
  if (drift.length === 0) return [];
  return worst(
    units.map(({ weightPower, readoutPower }, unit) => {
      const scale = weightPower + readoutPower + Math.abs(start[unit]!);
      const left = weightPower - readoutPower - start[unit]!;
      const rounding = roundingOf((step + 1) * parts.operations, scale);
      return equal({ id: 'E8', unit, left, right: drift[unit]!, scale, rounding });
    }),
  );
}

/**
 * E9. ‖H_{w_iw_j}‖² = (v_i·v_j)² ‖(1/N) Σ σ′_i σ′_j x xᵀ‖² under the squared error, of units that are not curved. Given
 * the norms of the blocks. Rounding: N terms in an entry, no larger in all than the trace with absolute weights.
 */
export function scalarBlockStatements(
  { draw, readout }: MarkParts,
  norms: readonly (readonly number[])[] | null,
): ExactStatement[] {
  const { loss, width, samples, dimension } = draw.settings;
  if (loss !== 'mse' || norms === null || draw.activation.isCurved) return [];
  const columns = norms.map((_, unit) => columnOf(readout, unit, width));
  const gates = (i: number, j: number): Float64Array =>
    rowOf(draw.slopes, i, samples).map((slope, n) => slope * draw.slopes[j * samples + n]!);
  const pairs = orderedPairs(norms.length);
  const ofGates = normsOfPairs(draw.workspace, pairs, gates);
  return worst(
    pairs.map(([i, j], k) => {
      const factor = columns[i]!.reduce((sum, entry, c) => sum + entry * columns[j]![c]!, 0) ** 2;
      const right = factor * ofGates[k]!;
      const size = factor * draw.workspace.trace(gates(i, j).map(Math.abs)) ** 2;
      return equal({
        id: 'E9',
        unit: i,
        left: norms[i]![j]!,
        right,
        scale: right,
        rounding: roundingOf(4 * (samples + dimension), size),
      });
    }),
  );
}

function sizeOf({ inputPower, liveResidualPower }: UnitSizes): number {
  return Math.sqrt(inputPower * liveResidualPower);
}

function length(vector: Float64Array): number {
  return Math.sqrt(sumOfSquares(vector));
}
