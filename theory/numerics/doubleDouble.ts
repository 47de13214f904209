/**
 * Numbers as unevaluated pairs `[high, low]`, about 32 digits. The edges of a support need them: a density within 1e-9
 * of an edge depends on the distance to the edge, and that difference keeps its digits only if the edge has more than
 * 16. Error-free transformations of Dekker (1971) and Knuth.
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

function renormalised(high: number, low: number): DoubleDouble {
  const sum = high + low;
  return [sum, low - (sum - high)];
}

/**
 * Σ w a/(p − a) over the nodes a. Written out, because a support with thousands of edges sums over thousands of nodes
 * for each, and pairs as objects would cost ten times as much.
 */
export function poleSum(masses: Float64Array, nodes: Float64Array, p: DoubleDouble): DoubleDouble {
  let sumHigh = 0;
  let sumLow = 0;
  for (let j = 0; j < nodes.length; j++) {
    const node = nodes[j];
    // Numerator w a, by Dekker's product.
    const product = masses[j] * node;
    let shifted = splitter * masses[j];
    const aHigh = shifted - (shifted - masses[j]);
    const aLow = masses[j] - aHigh;
    shifted = splitter * node;
    const bHigh = shifted - (shifted - node);
    const bLow = node - bHigh;
    const productLow = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
    // Denominator p − a, by Knuth's sum.
    const difference = p[0] - node;
    const virtual = difference - p[0];
    const differenceLow = p[0] - (difference - virtual) + (-node - virtual) + p[1];
    // Quotient: first digits, then what they leave of the numerator.
    const first = product / difference;
    const back = first * difference;
    shifted = splitter * first;
    const cHigh = shifted - (shifted - first);
    const cLow = first - cHigh;
    shifted = splitter * difference;
    const dHigh = shifted - (shifted - difference);
    const dLow = difference - dHigh;
    const backLow = cLow * dLow - (back - cHigh * dHigh - cLow * dHigh - cHigh * dLow);
    const second = (product - back - backLow + productLow - first * differenceLow) / difference;
    // Sum.
    const sum = sumHigh + first;
    const added = sum - sumHigh;
    sumLow += sumHigh - (sum - added) + (first - added) + second;
    sumHigh = sum;
  }
  return renormalised(sumHigh, sumLow);
}
