import { sumOfSquares } from '../linalg/vectors.js';
import type { Draw } from '../network/model.js';
import { isGated } from '../network/activation.js';
import type { CrossObservation, ExactStatement, UnitObservation } from './contract.js';
import type { LossGradient } from './lossGradient.js';
import { column, type UnitContractions } from './observeUnits.js';
import { atMost, equal, equalVectors, roundingOf, worst } from './statement.js';

/** What a state says of the powers of its units since training began; see `balanceDrift` of a training state. */
export interface Balance {
  /** ‖w_i‖² − ‖v_i‖² at step 0. */
  readonly start: ArrayLike<number>;
  /** By how much it must have moved: Σ η²(‖∂w_i‖² − ‖∂v_i‖²). */
  readonly drift: ArrayLike<number>;
}

/**
 * S_i v_i = ∂L/∂w_i, whatever the activation; S_iᵀ w_i = ∂L/∂v_i through gates, for which σ(u) = σ′(u)u.
 *
 * Rounding: an entry of either side is a sum over N samples, C classes and d inputs of terms whose absolute values sum,
 * over entries, to a vector of length at most √(inputPower · liveResidualPower) times ‖v_i‖ or ‖w_i‖.
 */
export function gradientStatements(
  draw: Draw,
  contractions: readonly UnitContractions[],
  gradient: LossGradient,
): ExactStatement[] {
  const { width, dimension, samples, classes } = draw.settings;
  const operations = 2 * (samples + classes + dimension + 8);
  const readout = draw.readout.rows([...Array(classes).keys()]);
  const ofWeights = contractions.map((own, i) =>
    equalVectors(
      { id: 'E2-weights', unit: i, rounding: roundingOf(operations, sizeOf(own) * length(column(readout, i, width))) },
      own.withReadout,
      gradient.hiddenLayer.subarray(i * dimension, (i + 1) * dimension),
    ),
  );
  if (!isGated(draw.activation)) return worst(ofWeights);
  const ofReadout = contractions.map((own, i) => {
    const weights = draw.hiddenLayer.subarray(i * dimension, (i + 1) * dimension);
    return equalVectors(
      { id: 'E2-readout', unit: i, rounding: roundingOf(operations, sizeOf(own) * length(weights)) },
      own.withWeights,
      column(gradient.readout, i, width),
    );
  });
  return [...worst(ofWeights), ...worst(ofReadout)];
}

/**
 * J_n u_i = 0 for u_i = (w_i, −v_i), hence GN u_i = 0: rescaling a unit leaves the outputs, (σ′(u)u − σ(u)) v_i, where
 * σ is a gate. Said of its root mean square over samples; σ′(u)u and σ(u) are rounded once each.
 */
export function rescalingStatements(draw: Draw, units: readonly UnitObservation[]): ExactStatement[] {
  if (!isGated(draw.activation)) return [];
  const { samples } = draw.settings;
  const { preactivations, slopes, features } = draw;
  return worst(
    units.map(({ readoutPower }, i) => {
      let [square, size] = [0, 0];
      for (let n = i * samples; n < (i + 1) * samples; n++) {
        square += (slopes[n]! * preactivations[n]! - features[n]!) ** 2;
        size += features[n]! ** 2;
      }
      const scale = Math.sqrt((size / samples) * readoutPower);
      const left = Math.sqrt((square / samples) * readoutPower);
      return equal({ id: 'E3-outputs', unit: i, left, right: 0, scale, rounding: roundingOf(2, scale) });
    }),
  );
}

/**
 * Σ_i max(‖∂w_i‖²/‖v_i‖², ‖∂v_i‖²/‖w_i‖²) ≤ ‖R‖² ≤ Σ_i Λ_i ‖r‖²/N over live samples (without the second of the pair
 * where units are not gates). Each side is a sum of squares of sums of at most N terms.
 */
export function residualBounds(
  { samples, classes, dimension }: Draw['settings'],
  { residual, lowerBound, upperBound }: CrossObservation,
  contractions: readonly UnitContractions[],
): ExactStatement[] {
  const size = contractions.reduce((sum, own) => sum + sizeOf(own) ** 2, 0);
  const rounding = roundingOf(4 * (samples + classes + dimension), size);
  return [
    atMost({ id: 'E5-lower', left: lowerBound, right: residual, scale: residual, rounding }),
    atMost({ id: 'E5-upper', left: residual, right: upperBound, scale: upperBound, rounding }),
  ];
}

/**
 * ‖w_i‖² − ‖v_i‖² moved by Σ η²(‖∂w_i‖² − ‖∂v_i‖²), through gates under plain gradient steps.
 *
 * Rounding: each step rounds the weights once, and its gradient by N + C + d operations on terms no larger than the
 * weights, as long as a step is smaller than the weights that it moves.
 */
export function balanceStatements(
  draw: Draw,
  units: readonly UnitObservation[],
  step: number,
  { start, drift }: Balance,
): ExactStatement[] {
  const { samples, classes, dimension } = draw.settings;
  if (drift.length === 0) return [];
  return worst(
    units.map(({ weightPower, readoutPower }, i) => {
      const scale = weightPower + readoutPower + Math.abs(start[i]!);
      const rounding = roundingOf((step + 1) * (samples + classes + dimension), scale);
      const left = weightPower - readoutPower - start[i]!;
      return equal({ id: 'E8', unit: i, left, right: drift[i]!, scale, rounding });
    }),
  );
}

function sizeOf({ inputPower, liveResidualPower }: UnitContractions): number {
  return Math.sqrt(inputPower * liveResidualPower);
}

function length(vector: Float64Array): number {
  return Math.sqrt(sumOfSquares(vector));
}
