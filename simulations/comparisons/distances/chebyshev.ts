/** Chebyshev series on [−1, 1], f(t) = Σ c_k T_k(t): what the table of a law is made of. */

/** Nodes of the first kind, ascending; none of them is an end of the interval. */
export function chebyshevNodes(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, j) => -Math.cos(((2 * j + 1) * Math.PI) / (2 * count)));
}

/** Coefficients of the interpolant through `values` at `chebyshevNodes(values.length)`. */
export function chebyshevCoefficients(values: ArrayLike<number>): Float64Array {
  const count = values.length;
  const coefficients = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    let sum = 0;
    for (let j = 0; j < count; j++) {
      // Ascending nodes are −cos, and T_k(−t) = (−1)^k T_k(t).
      sum += values[j]! * Math.cos((k * (2 * j + 1) * Math.PI) / (2 * count));
    }
    coefficients[k] = ((k === 0 ? 1 : 2) * (k % 2 === 0 ? sum : -sum)) / count;
  }
  return coefficients;
}

/** Σ c_k T_k(t) by Clenshaw's recurrence, over `count` coefficients from `offset`. */
export function chebyshevSum(coefficients: Float64Array, t: number, offset = 0, count = coefficients.length): number {
  let next = 0;
  let afterNext = 0;
  for (let k = offset + count - 1; k > offset; k--) {
    const current = 2 * t * next - afterNext + coefficients[k]!;
    afterNext = next;
    next = current;
  }
  return t * next - afterNext + coefficients[offset]!;
}

/** Coefficients of the antiderivative that vanishes at t = −1; one more than given. */
export function chebyshevIntegral(coefficients: Float64Array): Float64Array {
  const count = coefficients.length;
  const integral = new Float64Array(count + 1);
  const at = (k: number): number => (k < count ? coefficients[k]! : 0);
  for (let k = 1; k <= count; k++) integral[k] = ((k === 1 ? 2 * at(0) : at(k - 1)) - at(k + 1)) / (2 * k);
  let atLowerEnd = 0;
  for (let k = 1; k <= count; k++) atLowerEnd += k % 2 === 0 ? integral[k]! : -integral[k]!;
  integral[0] = -atLowerEnd;
  return integral;
}
