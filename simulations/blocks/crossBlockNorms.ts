import { UsageError } from '../../theory/errors.js';
import type { Backend } from '../contracts.js';
import type { Draw } from '../network/model.js';
import { requireReadoutOf } from '../network/requireInputs.js';
import { sumOfSquares } from '../linalg/vectors.js';
import { outputResidual } from './crossBlock.js';
import { visitCrossSums } from './crossSums.js';

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
  const { width } = draw.settings;
  const units = [...Array(width).keys()];
  draw.statistics.prepare({ cross: units.flatMap((i) => outputs.map((j) => [i, j] as const)) });
  const residuals = outputs.map((j) => outputResidual(draw, j));
  let residual = new Float64Array(0);
  const total = { residual: 0, curvature: 0, column: 0, otherColumns: 0 };
  visitCrossSums(draw, backend, outputs, residuals, {
    residual(_i, sums) {
      residual = sums.slice();
      total.residual += sumOfSquares(residual);
    },
    curvature(i, k, sums) {
      const square = sumOfSquares(sums);
      total.curvature += square;
      if (k !== i) total.otherColumns += square;
      else total.column += sumOfSquares(sums.map((value, e) => value + residual[e]!));
    },
  });
  const count = width * outputs.length;
  return {
    residual: total.residual / count,
    curvature: total.curvature / count,
    column: total.column / count,
    otherColumns: total.otherColumns / count,
  };
}
