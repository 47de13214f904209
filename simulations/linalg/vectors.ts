/** Sums over arrays of the same length, in the order of their entries. */

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

export function sumOfSquares(values: Float64Array): number {
  return dot(values, values);
}

/** Column i of a row-major matrix. */
export function columnOf(matrix: Float64Array, i: number, columns: number): Float64Array {
  return Float64Array.from({ length: matrix.length / columns }, (_, row) => matrix[row * columns + i]!);
}

/** Row i of a row-major matrix, or of a field over as many samples: a view. */
export function rowOf(matrix: Float64Array, i: number, columns: number): Float64Array {
  return matrix.subarray(i * columns, (i + 1) * columns);
}
