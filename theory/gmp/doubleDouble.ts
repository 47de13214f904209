/**
 * Numbers as unevaluated pairs `[high, low]`, about 32 digits. The edges of a support need them: a density within 1e-9 of
 * an edge depends on the distance to the edge, and that difference keeps its digits only if the edge has more than 16.
 * Error-free transformations of Dekker (1971) and Knuth.
 */
export type DoubleDouble = readonly [high: number, low: number];

/** 2^27 + 1, which splits a double into two halves of 26 bits. */
const splitter = 134217729;

export function twoSum(a: number, b: number): DoubleDouble {
  const sum = a + b;
  const virtual = sum - a;
  return [sum, a - (sum - virtual) + (b - virtual)];
}

/** Exact product of two doubles of moderate size (no overflow in the splitting: below about 1e300). */
export function twoProduct(a: number, b: number): DoubleDouble {
  const product = a * b;
  const aShifted = splitter * a;
  const aHigh = aShifted - (aShifted - a);
  const aLow = a - aHigh;
  const bShifted = splitter * b;
  const bHigh = bShifted - (bShifted - b);
  const bLow = b - bHigh;
  return [product, aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)];
}

export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const [high, error] = twoSum(a[0], b[0]);
  return renormalised(high, error + a[1] + b[1]);
}

export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const [high, error] = twoProduct(a[0], b[0]);
  return renormalised(high, error + a[0] * b[1] + a[1] * b[0]);
}

export function divide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = a[0] / b[0];
  const [productHigh, productLow] = multiply([first, 0], b);
  const remainder = a[0] - productHigh - productLow + a[1];
  return renormalised(first, remainder / b[0]);
}

function renormalised(high: number, low: number): DoubleDouble {
  const sum = high + low;
  return [sum, low - (sum - high)];
}
