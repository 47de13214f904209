/** Sums over arrays of the same length, in the order of their entries. */

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

export function sumOfSquares(values: Float64Array): number {
  return dot(values, values);
}
