// Copies into the panels that the micro-kernel reads: ROWS (A) or 4 (B) numbers a step, zero-padded.
import { ROWS } from './tiles';

/** Columns handled together: a whole number of panels of either kind. */
const GROUP: usize = 12;

/**
 * Steps are rows of a row-major matrix: row index[s] of x for s = 0 … k − 1 (8-byte columns from 0 to `columns`).
 * A gets the rows times their scales, B the rows as they are. The row of x is followed by readable memory.
 */
export function packColumns(x: usize, stride: usize, index: usize, scales: usize, k: usize, columns: usize, a: usize, b: usize): void {
  for (let j: usize = 0; j < columns; j += GROUP) {
    const whole = j + GROUP <= columns;
    if (whole) packGroup(x + j * 8, stride, index, scales, k, a + j * k * 8, b + j * k * 8);
    else packPartialGroup(x + j * 8, stride, index, scales, k, columns - j, a + j * k * 8, b + j * k * 8);
  }
}

function packGroup(x: usize, stride: usize, index: usize, scales: usize, k: usize, a: usize, b: usize): void {
  const panelA = k * ROWS * 8;
  const panelB = k * 32;
  for (let s: usize = 0; s < k; s++) {
    const row = x + <usize>load<u32>(index + s * 4) * stride;
    const scale = v128.load_splat<f64>(scales + s * 8);
    const x0 = v128.load(row), x1 = v128.load(row, 16), x2 = v128.load(row, 32), x3 = v128.load(row, 48), x4 = v128.load(row, 64), x5 = v128.load(row, 80);
    let to = b + s * 32;
    v128.store(to, x0); v128.store(to, x1, 16); to += panelB;
    v128.store(to, x2); v128.store(to, x3, 16); to += panelB;
    v128.store(to, x4); v128.store(to, x5, 16);
    to = a + s * ROWS * 8;
    if (ROWS == 6) {
      v128.store(to, f64x2.mul(x0, scale)); v128.store(to, f64x2.mul(x1, scale), 16); v128.store(to, f64x2.mul(x2, scale), 32); to += panelA;
      v128.store(to, f64x2.mul(x3, scale)); v128.store(to, f64x2.mul(x4, scale), 16); v128.store(to, f64x2.mul(x5, scale), 32);
    } else {
      v128.store(to, f64x2.mul(x0, scale)); v128.store(to, f64x2.mul(x1, scale), 16); to += panelA;
      v128.store(to, f64x2.mul(x2, scale)); v128.store(to, f64x2.mul(x3, scale), 16); to += panelA;
      v128.store(to, f64x2.mul(x4, scale)); v128.store(to, f64x2.mul(x5, scale), 16);
    }
  }
}

function packPartialGroup(x: usize, stride: usize, index: usize, scales: usize, k: usize, live: usize, a: usize, b: usize): void {
  for (let s: usize = 0; s < k; s++) {
    const row = x + <usize>load<u32>(index + s * 4) * stride;
    const scale = load<f64>(scales + s * 8);
    for (let j: usize = 0; j < GROUP; j++) {
      const value = j < live ? load<f64>(row + j * 8) : 0;
      store<f64>(b + ((j / 4) * k * 4 + s * 4 + j % 4) * 8, value);
      store<f64>(a + ((j / ROWS) * k * ROWS + s * ROWS + j % ROWS) * 8, value * scale);
    }
  }
}

/**
 * Steps are columns: rows index[first], …, index[first + count − 1] of x, each k numbers long, go side by side into
 * panels `width` wide (ROWS or 4), each multiplied by its scale. `index` and `scales` may be 0: rows in order,
 * unscaled. `zeros` is k zeros, the rows that fill the last panel.
 */
export function packRows(x: usize, stride: usize, index: usize, scales: usize, first: usize, count: usize, k: usize, width: usize, zeros: usize, out: usize): void {
  const step = width * 8;
  for (let r: usize = 0; r < count; r += width) {
    for (let p: usize = 0; p < width; p += 2) {
      const i = r + p;
      packPair(
        i < count ? rowAddress(x, stride, index, first + i) : zeros,
        i + 1 < count ? rowAddress(x, stride, index, first + i + 1) : zeros,
        i < count && scales != 0 ? load<f64>(scales + (first + i) * 8) : 1,
        i + 1 < count && scales != 0 ? load<f64>(scales + (first + i + 1) * 8) : 1,
        k, out + p * 8, step,
      );
    }
    out += k * step;
  }
}

// @ts-ignore: decorator
@inline
function rowAddress(x: usize, stride: usize, index: usize, i: usize): usize {
  return x + (index == 0 ? i : <usize>load<u32>(index + i * 4)) * stride;
}

function packPair(row0: usize, row1: usize, scale0: f64, scale1: f64, k: usize, out: usize, step: usize): void {
  const s0 = f64x2.splat(scale0), s1 = f64x2.splat(scale1);
  const even = k & ~1;
  for (let s: usize = 0; s < even; s += 2) {
    const x0 = f64x2.mul(v128.load(row0), s0);
    const x1 = f64x2.mul(v128.load(row1), s1);
    v128.store(out, v128.shuffle<f64>(x0, x1, 0, 2));
    v128.store(out + step, v128.shuffle<f64>(x0, x1, 1, 3));
    row0 += 16;
    row1 += 16;
    out += step + step;
  }
  if (even < k) {
    store<f64>(out, load<f64>(row0) * scale0);
    store<f64>(out, load<f64>(row1) * scale1, 8);
  }
}

/**
 * A and B of the update C −= Σ_p v_p w_pᵀ + w_p v_pᵀ for `rows` vectors of `order` numbers, `stride` bytes apart: steps
 * −v_0, −w_0, −v_1, … of A, and w_0, v_0, w_1, … of B. Vectors are readable up to whole tiles.
 */
export function packUpdate(order: usize, rows: usize, v: usize, w: usize, stride: usize, a: usize, b: usize): void {
  for (let p: usize = 0; p < rows; p++) {
    spread(order, v + p * stride, 2 * rows, ROWS, a + 2 * p * ROWS * 8, -1);
    spread(order, w + p * stride, 2 * rows, ROWS, a + (2 * p + 1) * ROWS * 8, -1);
  }
  packPairs(order, rows, w, v, stride, b);
}

/** Steps x_0, y_0, x_1, … of B. */
export function packPairs(order: usize, rows: usize, x: usize, y: usize, stride: usize, b: usize): void {
  for (let p: usize = 0; p < rows; p++) {
    spread(order, x + p * stride, 2 * rows, 4, b + 2 * p * 32, 1);
    spread(order, y + p * stride, 2 * rows, 4, b + (2 * p + 1) * 32, 1);
  }
}

/** One step of the panels of a vector: `width` numbers, then a jump to the next panel. */
function spread(order: usize, x: usize, k: usize, width: usize, out: usize, factor: f64): void {
  const step = k * width * 8;
  const f = f64x2.splat(factor);
  for (let j: usize = 0; j < order; j += width) {
    for (let q: usize = 0; q < width; q += 2) v128.store(out + q * 8, f64x2.mul(v128.load(x + (j + q) * 8), f));
    out += step;
  }
}
