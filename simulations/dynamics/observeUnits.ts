import { gatedInputFeatures, visitCrossSums } from '../blocks/index.js';
import { dot, rowOf, sumOfSquares } from '../linalg/vectors.js';
import { isGated } from '../network/activation.js';
import type { CrossObservation, ExactStatement, UnitObservation } from './contract.js';
import { curvatureByKernels, kernelsAreCheaper } from './curvatureByKernels.js';
import type { MarkParts, UnitContractions } from './markParts.js';
import { createUnitObserver } from './observeUnit.js';
import { createShiftOfCross } from './shiftOfCross.js';
import { worst } from './statement.js';

export interface ObservedUnits {
  readonly units: readonly UnitObservation[];
  readonly contractions: readonly UnitContractions[];
  readonly cross: CrossObservation;
  /** E3 of the columns that were formed. */
  readonly shifts: readonly ExactStatement[];
}

/** Hidden units and the cross-layer blocks, which share the sums S_i: one pass over the units, one S_i held at a time. */
export function observeUnits(parts: MarkParts): ObservedUnits {
  const { draw, backend, outputs } = parts;
  const { width, samples, classes, loss } = draw.settings;
  const units: UnitObservation[] = [];
  const contractions: UnitContractions[] = [];
  const total = { residual: 0, curvature: 0, inner: 0, lowerBound: 0, upperBound: 0 };
  const observe = createUnitObserver(parts);
  const shifts: ExactStatement[] = [];
  const shiftOf = createShiftOfCross(parts);
  const hasGates = isGated(draw.activation);
  const byKernels = loss !== 'mse' && kernelsAreCheaper(draw);
  const own = new Float64Array(classes * draw.settings.dimension);
  const visitor = {
    residual(i: number, sums: Float64Array) {
      own.set(sums);
      const { unit, contraction } = observe(i, sums);
      units.push(unit);
      contractions.push(contraction);
      total.residual += sumOfSquares(sums);
      total.lowerBound += gradientPart(unit, hasGates);
      total.upperBound += unit.largestGram * contraction.liveResidualPower;
      if (loss !== 'mse') return;
      // q_ij = v_ji for every sample: the curvature part is an outer product.
      const shared = gatedInputFeatures(draw, i);
      total.curvature += unit.readoutPower * sumOfSquares(shared);
      contraction.withReadout.forEach((value, a) => (total.inner += value * shared[a * width + i]!));
    },
    columns: byKernels ? ('own' as const) : ('all' as const),
    curvature(i: number, k: number, sums: Float64Array) {
      if (!byKernels) total.curvature += sumOfSquares(sums);
      if (i === k) total.inner += dot(sums, own);
      if (i === k) sums.forEach((value, e) => (sums[e] = value + own[e]!));
      shifts.push(shiftOf(i, k, sums, contractions[i]!));
    },
  };
  const all = [...Array(classes).keys()];
  const residuals = all.map((c) => rowOf(outputs.residuals, c, samples));
  visitCrossSums(draw, backend, all, residuals, loss === 'mse' ? { residual: visitor.residual } : visitor);
  if (byKernels) total.curvature = curvatureByKernels(parts);
  const { residual, curvature, inner, lowerBound, upperBound } = total;
  const cross = { residual, curvature, inner, total: residual + curvature + 2 * inner, lowerBound, upperBound };
  return { units, contractions, cross, shifts: worst(shifts) };
}

/** The part of ‖S_i‖² that the gradient holds: S_i v_i, and through gates S_iᵀ w_i. */
function gradientPart(unit: UnitObservation, hasGates: boolean): number {
  const ofWeights = unit.readoutPower > 0 ? unit.weightGradient / unit.readoutPower : 0;
  const ofReadout = hasGates && unit.weightPower > 0 ? unit.readoutGradient / unit.weightPower : 0;
  return Math.max(ofWeights, ofReadout);
}
