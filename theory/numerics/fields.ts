/** Fields: a number for each of `count` points, row r of a matrix of fields beginning at r·stride. */

/** Entries of a symmetric matrix's lower triangle, kept row by row. */
export function packedLength(order: number): number {
  return (order * (order + 1)) / 2;
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
