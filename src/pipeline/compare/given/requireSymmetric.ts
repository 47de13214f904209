import { UsageError } from '../../../../theory/errors.js';
import { precisionOf, roundoffs } from './precision.js';

/** Two halves of a symmetric matrix computed in different orders differ by some roundings. */
const asymmetryRoundings = 2 ** 10;

/** Side of the tiles in which the halves are held against each other: both stay in the cache. */
const tile = 64;

/**
 * Holds a matrix (order×order, row-major) against its transpose, in the precision of its numbers.
 * @param what names it in a message
 * @throws UsageError with the largest asymmetry and its place
 */
export function requireSymmetric(matrix: Float64Array, order: number, what: string, remedy: string): void {
  let largest = 0;
  let worst = 0;
  let [row, column] = [0, 0];
  for (let top = 0; top < order; top += tile) {
    for (let left = 0; left <= top; left += tile) {
      for (let i = top; i < Math.min(top + tile, order); i++) {
        for (let j = left; j < Math.min(left + tile, i + 1); j++) {
          const [below, above] = [matrix[i * order + j]!, matrix[j * order + i]!];
          largest = Math.max(largest, Math.abs(below), Math.abs(above));
          const gap = Math.abs(below - above);
          if (gap > worst) [worst, row, column] = [gap, i, j];
        }
      }
    }
  }
  if (worst === 0) return;
  const allowed = asymmetryRoundings * roundoffs[precisionOf({ data: matrix })] * largest;
  if (worst <= allowed) return;
  throw new UsageError(
    `${what}: it must be symmetric, but entries (${row}, ${column}) and (${column}, ${row}) are ${matrix[row * order + column]} and ${matrix[column * order + row]}: they differ by ${worst.toPrecision(3)}, and rounding explains ${allowed.toPrecision(3)}. ${remedy}`,
  );
}
