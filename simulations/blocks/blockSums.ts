/** For each pair of blocks (row-major, k×k) the sums of its entries, of their absolute values and of their squares. */
export interface BlockSums {
  readonly signed: Float64Array;
  readonly absolute: Float64Array;
  readonly squares: Float64Array;
}

/**
 * Sums over the blocks of a matrix (order×order, row-major), in one pass.
 * @param starts first row of each block, ascending from 0; the last one ends with the matrix
 */
export function blockSums(entries: Float64Array, order: number, starts: readonly number[]): BlockSums {
  const count = starts.length;
  const ends = [...starts.slice(1), order];
  const sums = {
    signed: new Float64Array(count * count),
    absolute: new Float64Array(count * count),
    squares: new Float64Array(count * count),
  };
  let block = 0;
  for (let row = 0; row < order; row++) {
    if (row >= ends[block]!) block++;
    for (let other = 0; other < count; other++) {
      let [signed, absolute, squares] = [0, 0, 0];
      const end = row * order + ends[other]!;
      for (let at = row * order + starts[other]!; at < end; at++) {
        const entry = entries[at]!;
        signed += entry;
        absolute += Math.abs(entry);
        squares += entry * entry;
      }
      const cell = block * count + other;
      sums.signed[cell]! += signed;
      sums.absolute[cell]! += absolute;
      sums.squares[cell]! += squares;
    }
  }
  return sums;
}
