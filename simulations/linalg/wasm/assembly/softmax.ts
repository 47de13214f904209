// Running log-sum-exp over classes, many samples at a time.
import { madd, negatedMadd } from './vector';

const LOG2E: f64 = 1.4426950408889634;
const LN2_HIGH: f64 = 6.93147180369123816490e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;
/** 1.5 · 2^52: adding it leaves the nearest integer in the low bits. */
const MAGIC: f64 = 6755399441055744.0;
/** Below this e^x is less than the smallest normal number: 0 here. */
const SMALLEST: f64 = -708.0;

/**
 * e^x for x ≤ 0, lane by lane, to about one unit in the last place: e^x = 2^k e^r with |r| ≤ ln(2)/2, and e^r = 1 + r + r² q(r) with
 * q of degree 9 through (e^r − 1 − r)/r² at Chebyshev's ten points, off by 2e-17 of e^r. Its even and its odd powers are summed side by side: one
 * chain would take twice as long. Minus infinity gives 0.
 */
// @ts-ignore: decorator
@inline
export function exponential(x: v128): v128 {
  const alive = f64x2.ge(x, f64x2.splat(SMALLEST));
  const bounded = f64x2.pmax(x, f64x2.splat(SMALLEST));
  const shifted = f64x2.add(f64x2.mul(bounded, f64x2.splat(LOG2E)), f64x2.splat(MAGIC));
  const k = f64x2.sub(shifted, f64x2.splat(MAGIC));
  const r = negatedMadd(k, f64x2.splat(LN2_LOW), negatedMadd(k, f64x2.splat(LN2_HIGH), bounded));
  const square = f64x2.mul(r, r);
  let even = madd(f64x2.splat(2.762007599981065e-7), square, f64x2.splat(2.4801521322116825e-5));
  let odd = madd(f64x2.splat(2.5100375924709717e-8), square, f64x2.splat(2.7557268480116333e-6));
  even = madd(even, square, f64x2.splat(1.3888888917196881e-3));
  odd = madd(odd, square, f64x2.splat(1.984126986304067e-4));
  even = madd(even, square, f64x2.splat(4.1666666666624164e-2));
  odd = madd(odd, square, f64x2.splat(8.333333333330065e-3));
  even = madd(even, square, f64x2.splat(0.5000000000000001));
  odd = madd(odd, square, f64x2.splat(0.16666666666666669));
  const p = f64x2.add(f64x2.splat(1), madd(square, madd(odd, r, even), r));
  const power = i64x2.shl(i64x2.add(shifted, i64x2.splat(1023)), 52);
  return v128.and(alive, f64x2.mul(p, power));
}

/** For each of `length` (even) numbers: out = e^(x − shift). */
export function exponentials(length: usize, x: usize, shift: usize, out: usize): void {
  for (let i: usize = 0; i < length << 3; i += 16) {
    v128.store(out + i, exponential(f64x2.sub(v128.load(x + i), v128.load(shift + i))));
  }
}

/**
 * Takes `count` rows of logits (rows `stride` bytes apart, `length` numbers, even) into the running maxima and sums of
 * e^(logit − maximum). `scratch` is `length` numbers. Maxima start at −infinity (as −1e308: a difference must not be
 * NaN) and sums at 0.
 */
export function accumulate(count: usize, length: usize, logits: usize, stride: usize, maxima: usize, sums: usize, scratch: usize): void {
  memory.copy(scratch, maxima, length << 3);
  for (let c: usize = 0; c < count; c++) raise(length, logits + c * stride, maxima);
  rescale(length, scratch, maxima, sums);
  let c: usize = 0;
  for (; c + 2 <= count; c += 2) addTwo(length, logits + c * stride, logits + (c + 1) * stride, maxima, sums);
  if (c < count) addOne(length, logits + c * stride, maxima, sums);
}

function raise(length: usize, row: usize, maxima: usize): void {
  for (let i: usize = 0; i < length << 3; i += 16) v128.store(maxima + i, f64x2.pmax(v128.load(maxima + i), v128.load(row + i)));
}

function rescale(length: usize, before: usize, maxima: usize, sums: usize): void {
  for (let i: usize = 0; i < length << 3; i += 16) {
    v128.store(sums + i, f64x2.mul(v128.load(sums + i), exponential(f64x2.sub(v128.load(before + i), v128.load(maxima + i)))));
  }
}

function addOne(length: usize, row: usize, maxima: usize, sums: usize): void {
  for (let i: usize = 0; i < length << 3; i += 16) {
    v128.store(sums + i, f64x2.add(v128.load(sums + i), exponential(f64x2.sub(v128.load(row + i), v128.load(maxima + i)))));
  }
}

function addTwo(length: usize, row0: usize, row1: usize, maxima: usize, sums: usize): void {
  for (let i: usize = 0; i < length << 3; i += 16) {
    const m = v128.load(maxima + i);
    const e0 = exponential(f64x2.sub(v128.load(row0 + i), m));
    const e1 = exponential(f64x2.sub(v128.load(row1 + i), m));
    v128.store(sums + i, f64x2.add(v128.load(sums + i), f64x2.add(e0, e1)));
  }
}
