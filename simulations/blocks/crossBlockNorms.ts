import { UsageError } from '../../theory/errors.js';
import type { Draw } from '../models/draw.js';
import { crossBlock } from './crossBlock.js';

/** Mean squared Frobenius norms over the cross-layer blocks (w_i, v_j) of one draw, all units i and the classes j asked for. */
export interface CrossBlockNorms {
  readonly residual: number;
  readonly curvature: number;
  /** Column i of the block, both parts. */
  readonly column: number;
  readonly otherColumns: number;
}

/** Cost O(m · outputs · N d m): a few classes suffice, since all have the same law. Throws a UsageError as `crossBlock` does. */
export function crossBlockNorms(draw: Draw, outputs: readonly number[]): CrossBlockNorms {
  if (outputs.length === 0) throw new UsageError('outputs must name at least one class; got none; give class numbers from 0');
  const { width } = draw.settings;
  const units = [...Array(width).keys()];
  draw.statistics.prepare({ cross: units.flatMap((i) => outputs.map((j) => [i, j] as const)) });
  const sums = { residual: 0, curvature: 0, column: 0, otherColumns: 0 };
  for (const i of units) {
    for (const j of outputs) {
      const { residual, curvature, total } = crossBlock(draw, i, j);
      for (let e = 0; e < total.length; e++) {
        sums.residual += residual[e]! ** 2;
        sums.curvature += curvature[e]! ** 2;
        if (e % width === i) sums.column += total[e]! ** 2;
        else sums.otherColumns += total[e]! ** 2;
      }
    }
  }
  const count = width * outputs.length;
  return {
    residual: sums.residual / count,
    curvature: sums.curvature / count,
    column: sums.column / count,
    otherColumns: sums.otherColumns / count,
  };
}
