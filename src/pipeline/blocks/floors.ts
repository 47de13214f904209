import type { Interval } from '../../../theory/contracts.js';
import { finalNormFloor, valueFloor } from '../../../theory/deep/index.js';
import type { ProbeFile, TensorFacts } from './probeFile.js';

/** Below it a final norm leaves too few dimensions for a floor to leading order. */
const leastDimension = 3;

/**
 * What r of Gauss–Newton tends to as C → ∞ at initialisation, where it is known. Below a final norm a pair of inputs has less in common than an
 * input with itself, and r is a mean of both over all N² pairs: from the one to the other.
 */
export function floorOf({ floor }: TensorFacts, files: readonly ProbeFile[]): Interval | null {
  const { dimension, finalNorm } = files[0]!;
  if (floor === null || dimension === null || dimension < leastDimension) return null;
  if (floor === 'value') return [valueFloor(dimension), valueFloor(dimension)];
  if (finalNorm === null || finalNorm === 'none') return null;
  const squares = files.map(({ cosineSquare }) => cosineSquare ?? 0);
  const cosineSquare = squares.reduce((sum, value) => sum + value / squares.length, 0);
  return [finalNormFloor(finalNorm, dimension, cosineSquare), finalNormFloor(finalNorm, dimension, 1)];
}
