import { dot, rowOf } from '../linalg/vectors.js';
import type { UnitOverlaps } from './contract.js';
import type { MarkParts } from './markParts.js';

/** Up to this many units their overlaps are kept. */
const mostUnits = 64;

/** v_i·v_j and (1/N) Σ σ′(u_i) σ′(u_j) of all pairs of hidden units. */
export function unitOverlaps({ draw, readout }: MarkParts): UnitOverlaps | null {
  const { samples, classes } = draw.settings;
  const count = draw.model.units(draw.settings);
  if (count === 0 || count > mostUnits) return null;
  const units = [...Array(count).keys()];
  const columns = units.map((i) => Float64Array.from({ length: classes }, (_, c) => readout[c * count + i]!));
  const slopes = units.map((i) => rowOf(draw.slopes, i, samples));
  return {
    readout: columns.map((first) => columns.map((second) => dot(first, second))),
    slopes: slopes.map((first) => slopes.map((second) => dot(first, second) / samples)),
  };
}
