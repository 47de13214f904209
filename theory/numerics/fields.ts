/** Fields: a number for each of `count` points, row r of a matrix of fields beginning at r·stride. */

/** Entries of a symmetric matrix's lower triangle, kept row by row. */
export function packedLength(order: number): number {
  return (order * (order + 1)) / 2;
}

/** Copies fields to where rows lie `toStride` apart. */
export function copyFields(
  fields: Float64Array,
  stride: number,
  rows: number,
  count: number,
  to: Float64Array,
  toStride: number,
): void {
  for (let k = 0; k < rows; k++) to.set(fields.subarray(k * stride, k * stride + count), k * toStride);
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
