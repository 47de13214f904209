/**
 * Logarithm and exponential from additions, multiplications and divisions alone. The built-in functions may differ in
 * the last bit from one engine to the next, and so would the draws; these give the same bits wherever IEEE arithmetic
 * does. The compiled generator (wasm/assembly/normals.ts) repeats them operation by operation.
 */
const ln2High = 6.9314718036912381649e-1;
const ln2Low = 1.90821492927058770002e-10;

/**
 * ln x for 0 < x ≤ 1, relative error below 4e-16: atanh series in (m − 1)/(m + 1) for x = m 2^{-k}, m in (1/√2, √2].
 */
export function logarithm(x: number): number {
  let m = x;
  let k = 0;
  while (m <= Math.SQRT1_2) {
    m *= 2;
    k += 1;
  }
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let series = 1 / 21;
  series = series * z + 1 / 19;
  series = series * z + 1 / 17;
  series = series * z + 1 / 15;
  series = series * z + 1 / 13;
  series = series * z + 1 / 11;
  series = series * z + 1 / 9;
  series = series * z + 1 / 7;
  series = series * z + 1 / 5;
  series = series * z + 1 / 3;
  return 2 * s + (2 * s * z * series - k * ln2Low) - k * ln2High;
}

/** e^{-t} for 0 ≤ t < 40, relative error below 4e-16: Taylor series on |r| ≤ ln(2)/2. */
export function decayingExponential(t: number): number {
  let k = 0;
  let r = t;
  while (r > 0.34657359027997264) {
    k += 1;
    r = t - k * ln2High - k * ln2Low;
  }
  r = -r;
  let series = 1 / 6227020800;
  series = series * r + 1 / 479001600;
  series = series * r + 1 / 39916800;
  series = series * r + 1 / 3628800;
  series = series * r + 1 / 362880;
  series = series * r + 1 / 40320;
  series = series * r + 1 / 5040;
  series = series * r + 1 / 720;
  series = series * r + 1 / 120;
  series = series * r + 1 / 24;
  series = series * r + 1 / 6;
  series = series * r + 1 / 2;
  series = series * r + 1;
  series = series * r + 1;
  for (; k > 0; k -= 1) series *= 0.5;
  return series;
}
