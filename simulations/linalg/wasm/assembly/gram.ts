// Weighted Grams. The lower triangle only; the upper part of the output is scratch.
import { ROWS, updateLower } from './tiles';
import { packColumns, packRows } from './packing';
import { madd, laneSum } from './vector';

/** Steps packed at a time: a ROWS-wide panel of this length stays in the first-level cache. */
export const STEP_BLOCK: usize = 256;

export function stepBlock(): usize {
  return STEP_BLOCK;
}
export function tileRows(): usize {
  return ROWS;
}

function clear(c: usize, order: usize, stride: usize): void {
  const rows = ((order + ROWS - 1) / ROWS) * ROWS;
  memory.fill(c, 0, rows * stride);
}

/**
 * C = Σ_s scales[s] x_s x_sᵀ over the `count` rows index[s] of x, `order` numbers each.
 * With `triangular` row s has numbers in its first s + 1 places only (zeros follow), and later columns are skipped.
 */
export function primalGram(
  x: usize,
  xStride: usize,
  index: usize,
  scales: usize,
  count: usize,
  order: usize,
  triangular: bool,
  c: usize,
  stride: usize,
  a: usize,
  b: usize,
): void {
  clear(c, order, stride);
  addGram(x, xStride, index, scales, count, order, triangular, c, stride, a, b);
}

/** The same, added to what C holds. */
export function addGram(
  x: usize,
  xStride: usize,
  index: usize,
  scales: usize,
  count: usize,
  order: usize,
  triangular: bool,
  c: usize,
  stride: usize,
  a: usize,
  b: usize,
): void {
  for (let s: usize = 0; s < count; s += STEP_BLOCK) {
    const k = min(STEP_BLOCK, count - s);
    const columns = triangular ? min(order, s + k) : order;
    packColumns(x, xStride, index + s * 4, scales + s * 8, k, columns, a, b);
    updateLower(columns, k, a, b, c, stride);
  }
}

/** C[s, t] = scales[s] scales[t] x_s · x_t for the `count` rows index[s] of x, `dimension` numbers each. */
export function dualGram(
  x: usize,
  xStride: usize,
  index: usize,
  scales: usize,
  count: usize,
  dimension: usize,
  c: usize,
  stride: usize,
  a: usize,
  b: usize,
  zeros: usize,
): void {
  clear(c, count, stride);
  for (let s: usize = 0; s < dimension; s += STEP_BLOCK) {
    const k = min(STEP_BLOCK, dimension - s);
    packRows(x + s * 8, xStride, index, scales, 0, count, k, ROWS, zeros, a);
    packRows(x + s * 8, xStride, index, scales, 0, count, k, 4, zeros, b);
    updateLower(count, k, a, b, c, stride);
  }
}

/** Σ over the whole symmetric matrix of signs[i] signs[j] c_ij², from the lower triangle. */
export function signedSquares(c: usize, order: usize, stride: usize, signs: usize): f64 {
  let total: f64 = 0;
  for (let i: usize = 0; i < order; i++) {
    const row = c + i * stride;
    let below: f64 = 0;
    for (let j: usize = 0; j < i; j++) {
      const entry = load<f64>(row + j * 8);
      below += load<f64>(signs + j * 8) * entry * entry;
    }
    const entry = load<f64>(row + i * 8);
    const sign = load<f64>(signs + i * 8);
    total += sign * (2 * below + sign * entry * entry);
  }
  return total;
}

/** Σ_s scales[s] |x_s|². */
export function weightedTrace(
  x: usize,
  xStride: usize,
  index: usize,
  scales: usize,
  count: usize,
  dimension: usize,
): f64 {
  let total: f64 = 0;
  for (let s: usize = 0; s < count; s++) {
    total += load<f64>(scales + s * 8) * squaredNorm(x + <usize>load<u32>(index + s * 4) * xStride, dimension);
  }
  return total;
}

function squaredNorm(x: usize, length: usize): f64 {
  let s0 = f64x2.splat(0),
    s1 = s0;
  const end = x + ((length & ~3) << 3);
  while (x < end) {
    const x0 = v128.load(x),
      x1 = v128.load(x, 16);
    s0 = madd(x0, x0, s0);
    s1 = madd(x1, x1, s1);
    x += 32;
  }
  let sum = laneSum(f64x2.add(s0, s1));
  for (let j: usize = 0; j < (length & 3); j++) {
    const value = load<f64>(x + j * 8);
    sum += value * value;
  }
  return sum;
}

/** Largest magnitude of `count` numbers; NaN when one of them is. */
export function largestMagnitude(x: usize, count: usize): f64 {
  // pmax is one instruction and leaves out what is not a number: that is asked for beside it.
  let m0 = f64x2.splat(0),
    m1 = m0,
    strange = m0;
  const end = x + ((count & ~3) << 3);
  while (x < end) {
    const x0 = f64x2.abs(v128.load(x)),
      x1 = f64x2.abs(v128.load(x, 16));
    m0 = f64x2.pmax(m0, x0);
    m1 = f64x2.pmax(m1, x1);
    strange = v128.or(strange, v128.or(f64x2.ne(x0, x0), f64x2.ne(x1, x1)));
    x += 32;
  }
  if (v128.any_true(strange)) return NaN;
  m0 = f64x2.pmax(m0, m1);
  let result = max(f64x2.extract_lane(m0, 0), f64x2.extract_lane(m0, 1));
  for (let i: usize = 0; i < (count & 3); i++) result = max(result, abs(load<f64>(x + i * 8)));
  return result;
}

/** x *= factor, for `count` numbers. */
export function multiply(x: usize, count: usize, factor: f64): void {
  for (let i: usize = 0; i < count; i++) store<f64>(x + i * 8, load<f64>(x + i * 8) * factor);
}
