import { UsageError } from '../../theory/errors.js';
import type { Backend } from '../contracts.js';
import type { Draw } from '../network/model.js';
import { requireReadoutOf } from '../network/requireInputs.js';
import { mixedCurvature, outputResidual } from './crossBlock.js';
import { createInputSums, liveSamples } from './inputSums.js';

/**
 * Mean squared Frobenius norms over the cross-layer blocks (w_i, v_j) of one draw, all units i and the classes j asked
 * for.
 */
export interface CrossBlockNorms {
  readonly residual: number;
  readonly curvature: number;
  /** Column i of the block, both parts. */
  readonly column: number;
  readonly otherColumns: number;
}

/**
 * The parts of `crossBlock`, for many blocks at once. At few labels per class the residual part fluctuates as the
 * number of samples with that label does: average over enough classes. Throws a UsageError as `crossBlock` does, and
 * when no class is asked for.
 */
export function crossBlockNorms(draw: Draw, backend: Backend, outputs: readonly number[]): CrossBlockNorms {
  requireReadoutOf('features', draw, 'cross-layer blocks');
  if (outputs.length === 0)
    throw new UsageError('outputs must name at least one class, got none; give class numbers from 0');
  const { width, samples, dimension } = draw.settings;
  const { slopes, features } = draw;
  const units = [...Array(width).keys()];
  draw.statistics.prepare({ cross: units.flatMap((i) => outputs.map((j) => [i, j] as const)) });
  const sumInputs = createInputSums(draw, backend);
  const residuals = outputs.map((j) => outputResidual(draw, j));
  const residual = new Float64Array(outputs.length * dimension);
  const curvature = new Float64Array(outputs.length * dimension);
  const total = { residual: 0, curvature: 0, column: 0, otherColumns: 0 };
  for (const i of units) {
    const slope = slopes.subarray(i * samples, (i + 1) * samples);
    const live = liveSamples(slope);
    const bends = outputs.map((j) => mixedCurvature(draw, i, j));
    sumInputs(live, outputs.length, (k, n) => slope[n]! * residuals[k]![n]!, residual);
    total.residual += sumOfSquares(residual);
    for (const k of units) {
      const feature = features.subarray(k * samples, (k + 1) * samples);
      const both = live.filter((n) => feature[n] !== 0);
      sumInputs(both, outputs.length, (c, n) => slope[n]! * bends[c]![n]! * feature[n]!, curvature);
      const square = sumOfSquares(curvature);
      total.curvature += square;
      if (k !== i) total.otherColumns += square;
      else total.column += sumOfSquares(curvature.map((value, e) => value + residual[e]!));
    }
  }
  const count = width * outputs.length;
  return {
    residual: total.residual / count,
    curvature: total.curvature / count,
    column: total.column / count,
    otherColumns: total.otherColumns / count,
  };
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (let e = 0; e < values.length; e++) sum += values[e]! * values[e]!;
  return sum;
}
