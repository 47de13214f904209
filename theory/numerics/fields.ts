/**
 * Fields: a number for each of `count` points, row r of a matrix of fields beginning at r·stride. Elementwise products
 * that several cubatures over the same points share.
 */

/** Entries of a symmetric matrix's lower triangle, kept row by row. */
export function packedLength(order: number): number {
  return (order * (order + 1)) / 2;
}

/** The products y_k y_l, k ≥ l, of `order` fields, in the order of a packed lower triangle. */
export function multiplyPairs(
  fields: Float64Array,
  stride: number,
  order: number,
  count: number,
  out: Float64Array,
  outStride: number,
): void {
  for (let k = 0, to = 0; k < order; k++)
    for (let l = 0; l <= k; l++, to += outStride)
      for (let n = 0; n < count; n++) out[to + n] = fields[k * stride + n]! * fields[l * stride + n]!;
}

/** |y|² at each point. */
export function squaredLengths(
  fields: Float64Array,
  stride: number,
  order: number,
  count: number,
  out: Float64Array,
): void {
  out.fill(0, 0, count);
  for (let k = 0; k < order; k++)
    for (let n = 0, at = k * stride; n < count; n++, at++) out[n]! += fields[at]! * fields[at]!;
}
