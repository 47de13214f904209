import type { RandomStream } from '../contracts.js';

/**
 * `wanted` of `count` rows, uniform without replacement, in the order drawn. The first of them are the same whatever
 * `wanted` is.
 */
export function chooseRows(count: number, wanted: number, stream: RandomStream): Int32Array {
  const order = Int32Array.from({ length: count }, (_, n) => n);
  for (let n = 0; n < wanted; n++) {
    const other = n + stream.integer(count - n);
    [order[n], order[other]] = [order[other]!, order[n]!];
  }
  return order.subarray(0, wanted);
}
